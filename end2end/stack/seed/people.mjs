// Invented customers: names, what they call themselves on WhatsApp, and phone numbers.
//
// Why it stands here: names with accents, apostrophes and all the mixtures of Brazil, made from parts, so
// that nobody real is meant. Family names come with each business, so the two tenants share none.

const WOMEN = `
Abigail Adélia Ádria Akemi Alberta Alcione Aléxia Ananda Andressa Ângela Antônia Aparecida Áurea Berenice Brígida Cacilda
Camila Cândida Carmélia Cássia Cecília Celeste Conceição Dagmar Dalva Débora Delfina Dulcinéia Edméia Eloísa Eulália
Fabíola Fátima Flávia Francisca Gabriela Geísa Giovanna Glória Guilhermina Hadassa Hermínia Hortênsia Iasmin Inês Iolanda
Iracema Isadora Ísis Ivone Jaciara Jandira Jéssica Jordana Juçara Júlia Keila Laís Laura Letícia Lídia Lívia Lorena Lúcia
Luzia Maíra Maitê Manuela Mércia Micaela Mônica Naiara Nádia Natália Nilza Noêmia Olívia Otília Paloma Quitéria Rafaela
Raíssa Rejane Rosângela Rúbia Samara Sílvia Socorro Sônia Tainá Taís Telma Thaís Valéria Vânia Vera Verônica Vitória Wanda
Xênia Yara Yasmim Zélia Zenaide Zoraide Zuleica`.trim().split(/\s+/);

const MEN = `
Ademir Aílton Aldo Amâncio André Aníbal Antônio Ariovaldo Aurélio Benício Bento Caíque Cauã Cícero Clóvis Cristóvão
Damião Dário Dirceu Djalma Edílson Eliézer Emanuel Enzo Erivaldo Estêvão Evandro Fabrício Félix Flávio Gaspar Genésio
Geraldo Gilmar Haruki Heitor Hélio Iago Iberê Ícaro Inácio Itamar Jair João Joaquim José Josué Jurandir Kauê Kenji Lázaro
Leôncio Luã Luís Mário Matias Mílton Moacir Murilo Natanael Nélson Nílton Orlando Otacílio Péricles Petrônio Plínio Ramón
Raul Rogério Rômulo Rúben Rui Sebastião Sérgio Severino Simão Stéfano Tarcísio Tércio Thiago Tomás Ubiratã Valdemar
Vinícius Vítor Wálter Wesley Yuri Zacarias`.trim().split(/\s+/);

const SECOND_NAMES = {
  woman: ['Maria', 'Lúcia', 'Clara', 'Rita', 'Beatriz', 'Cristina', 'Helena'],
  man: ['Pedro', 'Henrique', 'Luiz', 'Augusto', 'César', 'Miguel', 'Antônio'],
};
const DECORATIONS = ['🌸', '✨', '🙏', '💜', '🌻', '⚽', '🎧', '🦋', '🔥', '☕', '🇧🇷', '💪🏽'];

/** Gives people for one business, by its `familyNames`, `nicknames`, `areaCodes` (pairs with weights) and share of `women`. */
export class People {
  #random;
  #business;
  #phones = new Set();
  #count = 0;

  constructor(random, business) {
    this.#random = random;
    this.#business = business;
  }

  /** `{ sex, first, full, display, phone, typing }`; `display` is the WhatsApp name and may be null. */
  next() {
    const random = this.#random.fork(this.#count++);
    const sex = random.chance(this.#business.women) ? 'woman' : 'man';
    const first = random.pick(sex === 'woman' ? WOMEN : MEN);
    const middle = random.chance(0.15) ? ` ${random.pick(SECOND_NAMES[sex])}` : '';
    const families = random.sample(this.#business.familyNames, random.chance(0.3) ? 2 : 1);
    const particle = random.chance(0.12) && !families[0].startsWith("D'") ? ` ${random.pick(['da', 'de', 'dos'])}` : '';
    const full = `${first}${middle}${particle} ${families.join(' ')}`;
    return {
      sex,
      first,
      full,
      display: this.#display(random, first, full),
      phone: this.#phone(random),
      typing: random.weighted([['careful', 60], ['lowercase', 25], ['hasty', 15]]),
    };
  }

  #display(random, first, full) {
    const kind = random.weighted([['full', 62], ['first', 12], ['decorated', 10], ['shouted', 4], ['nickname', 8], ['none', 4]]);
    switch (kind) {
      case 'full': return full;
      case 'first': return first;
      case 'decorated': return `${first} ${random.pick(DECORATIONS)}`;
      case 'shouted': return full.toUpperCase();
      case 'nickname': return random.pick(this.#business.nicknames);
      default: return null;
    }
  }

  /** Mostly mobiles with the ninth digit; a few landlines, and a few as WhatsApp still keeps old ones. */
  #phone(random) {
    const area = random.weighted(this.#business.areaCodes);
    const kind = random.weighted([['mobile', 95], ['landline', 2], ['old', 3]]);
    const start = { mobile: `9${random.int(6, 9)}`, landline: `${random.int(2, 5)}`, old: `${random.int(8, 9)}` }[kind];
    const phone = `+55${area}${start}${String(random.int(0, 9_999_999)).padStart(7, '0')}`;
    if (this.#phones.has(phone)) return this.#phone(random);
    this.#phones.add(phone);
    return phone;
  }
}

/** A message as this person would type it. */
export function typed(text, typing) {
  if (typing === 'careful') return text;
  const plain = text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase();
  if (typing === 'lowercase') return plain;
  return plain
    .replace(/\bvoces\b/g, 'vcs')
    .replace(/\bvoce\b/g, 'vc')
    .replace(/\bporque\b/g, 'pq')
    .replace(/\btambem\b/g, 'tbm')
    .replace(/\bhoje\b/g, 'hj')
    .replace(/\bobrigad[oa]\b/g, 'obg')
    .replace(/\bquanto\b/g, 'qto')
    .replace(/\bnao\b/g, 'n')
    .replace(/\bbeleza\b/g, 'blz');
}
