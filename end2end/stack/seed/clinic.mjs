// Clínica Aurora: an aesthetic and dermatology clinic in São Paulo, as facts.
//
// Why it stands here: what the clinic sells, who works when, and who its customers are. How it talks is in
// clinic-phrases.mjs. Nothing here is shared with the other business, so a leak between the two shows.

import { phrases } from './clinic-phrases.mjs';

const DOCTOR = ['evaluation', 'online', 'review', 'toxin', 'filler', 'collagen', 'laser'];
const AESTHETICIAN = ['cleansing', 'peeling', 'needling', 'drainage', 'hairArmpit', 'hairBikini', 'hairLeg'];

export const clinic = {
  firstId: 1001, // some ids exist in both projects, and each has some that the other lacks
  conversations: 2400,
  appointments: 1240,
  women: 0.82,
  areaCodes: [['11', 88], ['13', 3], ['12', 3], ['19', 3], ['15', 3]],

  // Sunday to Saturday
  chatsByWeekday: [3, 12, 11, 11, 12, 11, 7],
  visitsByWeekday: [0.6, 10, 11, 11, 11, 10, 6],
  openingHours: [[9, 13], [9, 19], [9, 19], [9, 20], [9, 20], [9, 19], [9, 15]],

  services: {
    evaluation: { name: 'Avaliação dermatológica', said: 'uma avaliação', minutes: 30, price: 28000, weight: 10 },
    online: { name: 'Consulta online', said: 'a consulta online', minutes: 30, price: 22000, weight: 5, online: true },
    review: { name: 'Retorno', said: 'meu retorno', minutes: 20, price: null, weight: 6 },
    toxin: { name: 'Toxina botulínica (testa e glabela)', said: 'botox', minutes: 40, price: 119000, weight: 8 },
    filler: { name: 'Preenchimento labial', said: 'preenchimento labial', minutes: 60, price: 145000, weight: 4 },
    collagen: { name: 'Bioestimulador de colágeno', said: 'o bioestimulador', minutes: 60, price: 189000, weight: 3 },
    laser: { name: 'Laser CO₂ fracionado', said: 'o laser fracionado', minutes: 50, price: 160000, weight: 3 },
    cleansing: { name: 'Limpeza de pele profunda', said: 'limpeza de pele', minutes: 60, price: 19000, weight: 12 },
    peeling: { name: 'Peeling químico', said: 'um peeling', minutes: 45, price: 35000, weight: 6 },
    needling: { name: 'Microagulhamento', said: 'microagulhamento', minutes: 60, price: 48000, weight: 5 },
    drainage: { name: 'Drenagem linfática', said: 'drenagem', minutes: 50, price: 16000, weight: 7 },
    hairArmpit: { name: 'Depilação a laser – axilas', said: 'depilação a laser na axila', minutes: 20, price: 12000, weight: 8 },
    hairBikini: { name: 'Depilação a laser – virilha', said: 'depilação a laser na virilha', minutes: 30, price: 18000, weight: 6 },
    hairLeg: { name: 'Depilação a laser – meia perna', said: 'laser na meia perna', minutes: 45, price: 26000, weight: 5 },
  },

  professionals: [
    { name: 'Dra. Heloísa Vasconcelli', days: [1, 2, 3, 4, 5], services: DOCTOR },
    { name: 'Dr. Otávio Brandemburgo', days: [1, 3, 4, 6], services: DOCTOR },
    { name: "Dra. Marina Sant'Anna", days: [2, 4, 5, 6], services: DOCTOR },
    { name: 'Priscila Quintaneiro', days: [1, 2, 3, 4, 5, 6], services: AESTHETICIAN },
    { name: 'Bruna Tamarindo', days: [0, 1, 2, 3, 4, 5, 6], services: AESTHETICIAN },
  ],

  familyNames: `
Albuquerquim Almeidinha Andreazzi Assunção Bacellari Barbieratto Belmontini Bonfanti Bragança Brandão-Reis Buarquine
Calderoni Campolongo Castellani Chavenato Conceição Coutinhal D'Ângelo D'Ávila Dall'Agnol Delfinópolis Esperandio
Fagundini Fontanella Formigoni Gallucci Gonçalves Guaratini Hashizume Ippolito Itaquerim Jundiaí Kawashita Kobayashida
Lacerdini Lombardeiro Maccarini Magalhãesi Mantovanini Matarazzini Mendonçal Miyashiro Moretticchio Müller Nakatomi
Nogueirol O'Hara Okinami Paranapiacaba Pederneiras Penteadinho Piratiningui Quaresmeira Ravagnani Ribeirópolis Rossettini
Sacomani Salesópolis Sant'Ana Santorini Schäferling Serravalle Tamashita Tavolaro Tietêncio Trevisanato Ueharada
Valentinetti Vergueirão Vilaboim Yamanashi Zambelli Zanirato`.trim().split(/\s+/),

  nicknames: ['Ju da Vila Mariana', 'Mãe da Bia', 'Lu Skincare', 'Rê 🌷', 'Dr. Tuti', 'Vó Nena', 'Bia & Theo', 'Nanda S.', 'Carol ✨', 'Tati Mooca'],

  phrases,
};
