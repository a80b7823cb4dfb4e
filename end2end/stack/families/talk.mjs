// What the story's people say and book, and what they are called. All of it is invented.
//
// Why it stands here: words only, so that story.mjs is about order and time.

export const FIRST_NAMES = `
Abel Bianca Caio Dalva Elói Flora Guido Helena Ícaro Joana Kauê Lia Moacir Nina Otávio Pilar Quirino Rosa Saulo Talita
Ulisses Vera Wilma Xisto Yara Zélia`.trim().split(/\s+/);

export const FAMILY_NAMES = `
Alvorim Barrosela Camposol Dourandes Esteirinha Ferrazul Garoupim Horizontino Itapemar Jacarandeira Lagoeiro Marmelim
Nevoeira Oliveirol Pedralva Quintalva Ribeirola Salgueirim Tamarindal Umbuzeira Valverdim Xaxinal Zimbrosa Açucenal
Brejauva Cajueirim Damascal Estreleira Figueirola Graviolim`.trim().split(/\s+/);

export const AREA_CODES = ['11', '19', '21', '31', '41', '51', '71', '81', '85'];

/** A question and the bubbles that answer it. */
export const EXCHANGES = [
  ['Oi, tudo bem? Queria saber o preço da limpeza', ['Oi! A limpeza sai por R$ 180,00.', 'Quer ver os horários?']],
  ['Vocês atendem no sábado?', ['Sim, das 8h às 12h.']],
  ['Aceita cartão?', ['Aceitamos crédito, débito e Pix.']],
  ['Qual é o endereço?', ['Rua das Acácias, 45, sala 3.', 'Fica ao lado da praça.']],
  ['Tem horário amanhã de manhã?', ['Tenho às 9h15 e às 10h30.', 'Qual você prefere?']],
  ['Pode ser às 9h15', ['Combinado, está marcado!']],
  ['Preciso remarcar', ['Sem problema. Para que dia?']],
  ['Quanto tempo demora?', ['Cerca de 45 minutos.']],
  ['Tem estacionamento?', ['Temos convênio com o da esquina.']],
  ['É a minha primeira vez aí', ['Seja muito bem-vindo!', 'Pode chegar dez minutos antes?']],
  ['Posso levar meu filho?', ['Claro, temos um cantinho para crianças.']],
  ['Obrigado!', ['Nós é que agradecemos.', 'Até logo!']],
];

/** What somebody of the business writes once the robot is put aside. */
export const BY_HAND = [
  'Oi, aqui é a Marta, da recepção. Já resolvo para você.',
  'Consegui um encaixe às 16h, serve?',
  'Pode deixar, avisei a equipe.',
];

export const GROUP = { jid: '120363041234567890@g.us', name: 'Grupo da equipe', texts: ['Quem abre amanhã?', 'Eu abro'] };

export const SERVICES = [
  { service: 'Limpeza', minutes: 45, price_cents: 18000 },
  { service: 'Avaliação', minutes: 30, price_cents: 12050 },
  { service: 'Tratamento completo', minutes: 60, price_cents: 123456 },
  { service: 'Retorno', minutes: 30, price_cents: null },
  { service: 'Consulta online', minutes: 30, price_cents: 22000, online: true },
];

export const PROFESSIONALS = ['Dra. Íris Montenova', 'Caio Verdelim', 'Nina Salgueira'];
