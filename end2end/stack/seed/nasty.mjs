// Rows that break dashboards.
//
// Why it stands here: every one of these has broken somebody's page, export or filter. They are among the
// most recent conversations of both projects, so that they are on page one for everyone to see.

import { textOfLength } from './long-text.mjs';

const RIGHT_TO_LEFT_OVERRIDE = '\u202e';

/** `[{ name, messages: [[direction, content], …] }]`; the last message is the one the list shows. */
export const nastyConversations = [
  {
    name: 'João, "Zé" (filho)',
    messages: [['in', 'Boa tarde! Sou o João, "Zé" (filho); quero: horário, preço, e o tal do "combo".'], ['out', 'Claro, João, "Zé" (filho)! Qual dia?']],
  },
  {
    name: '<script>alert(1)</script>',
    messages: [['in', '<b>oi</b> &amp; <i>tchau</i>'], ['in', '<img src=x onerror=alert(1)>']],
  },
  {
    name: '<img src=x onerror=alert(1)>',
    messages: [['in', '"><svg onload=alert(1)>'], ['in', "</textarea></script>'-alert(1)-'"], ['out', 'Não entendi 🤔 Pode repetir?']],
  },
  {
    name: 'Família Caju 👨‍👩‍👧‍👦🏳️‍🌈',
    messages: [['in', '👩🏽‍⚕️👍🏿🇧🇷 ❤️‍🔥 1️⃣'], ['out', 'Que lindo! 🥰'], ['in', '🤷🏻‍♀️🫶🏾👨‍👩‍👧‍👦']],
  },
  {
    name: 'أحمد الحلبي',
    messages: [['in', 'مرحبا، أريد حجز موعد يوم الخميس الساعة 15:30 من فضلك'], ['out', 'Desculpe, só entendo português 😅'], ['in', 'شكرا (obrigado) 123']],
  },
  {
    name: 'נועה לוי',
    messages: [['in', 'שלום, יש תור פנוי מחר?'], ['in', `Segue o arquivo: foto${RIGHT_TO_LEFT_OVERRIDE}gpj.exe`]],
  },
  { name: 'Silvana do Textão', messages: [['out', 'Como foi a sua experiência?'], ['in', textOfLength(4000)]] },
  { name: null, messages: [['in', 'Oi, meu WhatsApp não mostra meu nome'], ['out', 'Sem problema! Como posso te chamar?']] },
  { name: 'Figurinha sem texto', messages: [['in', 'Bom dia'], ['out', 'Bom dia! Em que posso ajudar?'], ['in', '']] },
  { name: longName(), messages: [['in', 'Meu nome cabe aí?'], ['out', 'Cabe, sim!']] },
  {
    name: 'C:\\Usuários\\Zeca',
    messages: [['in', 'O arquivo está em C:\\Usuários\\Zeca\\nova_ficha.pdf'], ['in', 'É 100% \\o/ e *grátis*? {nome} %s ${preço} \\n \\u0000']],
  },
  {
    name: 'Lista da Lurdes',
    messages: [['in', 'Somos quatro:\n- eu\n- Lurdes\n\n\t- e os meninos\r\nPode?'], ['out', 'Pode!\nTodos no mesmo dia?\n\nMe confirma os nomes.']],
  },
  {
    name: 'Link Perdido',
    messages: [['in', 'javascript:alert(document.cookie)'], ['in', 'https://exemplo.example/agenda?dia=24&hora=<15h>&x="1"&q=a+b%20c#topo']],
  },
  { name: "'; DROP TABLE conversations; --", messages: [['in', "Robert'); DELETE FROM messages WHERE ('1'='1"], ['out', 'Anotado!']] },
  { name: 'null', messages: [['in', 'undefined'], ['in', `k${'k'.repeat(299)}`]] },
  { name: '  espaços   demais  ', messages: [['in', '   '], ['out', '=HYPERLINK("https://exemplo.example";"clique")'], ['in', '+5511 2+2=4, @todos']] },
];

/** 120 characters. */
function longName() {
  return 'Pedro de Alcântara João Carlos Leopoldo Salvador Bibiano Francisco Xavier de Paula Leocádio Miguel Gabriel Rafael Gonzaga'.slice(0, 120);
}
