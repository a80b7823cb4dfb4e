// Barbearia Navalha: a barber shop in Recife, as facts.
//
// Why it stands here: what the shop sells, who works when, and who its customers are. How it talks is in
// barber-phrases.mjs. Nothing here is shared with the other business, so a leak between the two shows.

import { phrases } from './barber-phrases.mjs';

const EVERYONE = ['cut', 'beard', 'both', 'child', 'trim', 'brow', 'treatment', 'beardColour'];
const COLOURIST = [...EVERYONE, 'bleach', 'highlights', 'relax', 'groom', 'style'];

export const barber = {
  firstId: 1,
  conversations: 2800,
  appointments: 1680,
  women: 0.06,
  areaCodes: [['81', 90], ['87', 4], ['83', 3], ['82', 3]],

  // Sunday to Saturday
  chatsByWeekday: [4, 7, 9, 10, 13, 15, 12],
  visitsByWeekday: [1.5, 4, 9, 10, 13, 16, 18],
  openingHours: [[9, 13], [13, 19], [9, 20], [9, 20], [9, 20], [9, 21], [8, 20]],

  services: {
    cut: { name: 'Corte masculino', said: 'um corte', minutes: 40, price: 4500, weight: 22 },
    beard: { name: 'Barba completa', said: 'a barba', minutes: 30, price: 3500, weight: 12 },
    both: { name: 'Corte + barba', said: 'corte e barba', minutes: 60, price: 7000, weight: 20 },
    child: { name: 'Corte infantil', said: 'o corte do meu menino', minutes: 30, price: 3500, weight: 7 },
    trim: { name: 'Pezinho', said: 'só o pezinho', minutes: 15, price: 1500, weight: 6 },
    brow: { name: 'Sobrancelha na navalha', said: 'a sobrancelha', minutes: 15, price: 2000, weight: 5 },
    treatment: { name: 'Hidratação capilar', said: 'uma hidratação', minutes: 30, price: 4000, weight: 4 },
    beardColour: { name: 'Pigmentação de barba', said: 'pigmentação na barba', minutes: 30, price: 4000, weight: 4 },
    bleach: { name: 'Platinado (nevou)', said: 'o nevou', minutes: 120, price: 16000, weight: 4 },
    highlights: { name: 'Luzes', said: 'luzes', minutes: 90, price: 12000, weight: 4 },
    relax: { name: 'Relaxamento', said: 'relaxamento', minutes: 60, price: 8000, weight: 3 },
    groom: { name: 'Dia do noivo', said: 'o dia do noivo', minutes: 150, price: 32000, weight: 1 },
    style: { name: 'Visagismo online', said: 'o visagismo por vídeo', minutes: 30, price: null, weight: 1.5, online: true },
  },

  professionals: [
    { name: 'Tonho Navalha', days: [2, 3, 4, 5, 6], services: COLOURIST },
    { name: 'Biu Cajueiro', days: [1, 2, 3, 4, 5, 6], services: EVERYONE },
    { name: 'Ítalo Cabrobó', days: [0, 2, 4, 5, 6], services: COLOURIST },
    { name: 'Wellington "Wel" Mangabeira', days: [0, 1, 3, 4, 5, 6], services: EVERYONE },
  ],

  familyNames: `
Acióli Alagadiço Arcoverdino Arruda-Lins Baobazeiro Beberibano Bezerril Bonitense Brennandinho Buíquense Cabugá
Cajazeira Calumbi Camaragibe Cantarelli-Sá Capibaribe Carneirinho Caruarense Catendeiro Cavalcantil Coelhoso Cordeirópolis
D'Olinda Encruzilhado Exuense Falcãozinho Feitosal Ferreirinha Frevolino Garanhus Gibãozeiro Goianinho Gravatá
Guararapeiro Igarassuano Ipojucano Itamaracá Jaboatinga Jatobazeiro Juazeirinho Lagoeiro Limoeirense Macaxeira Mandacaru
Maracatu-Melo Maranguape Mariscal Maurício-Nassau Moreninho Mororó Muribecano Nabucodino Navarral Olindense Ouricurino
Palmarino Pedrosal Pesqueirense Petrolínio Pitombeira Quixabeira Rochael Sertânio Sirinhaém Suassuno Tabajarino
Tacaimbó Tapacurá Timbaúba Toritama Triunfino Umbuzeiro Vanderleys Várzea-Lima Xexéu Zumbirino`.trim().split(/\s+/),

  nicknames: ['Galego do Pina', 'Painho 🙏', 'Mago Barba Ruiva', 'Tonhão 🔧', 'Nego Dé', 'Tico da Moto', 'Zé do Caldinho', 'Bode Rouco', 'Gordinho Santa Cruz 🐍', 'Dudu Sport 🦁', 'Pai do Ravi'],

  phrases,
};
