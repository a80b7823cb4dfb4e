// A text of a given length, in Portuguese, as one very patient customer would write it.

const SENTENCES = [
  'Cheguei um pouco antes da hora e fui muito bem recebida por todo mundo.',
  'O café estava quentinho, a música baixa, e ninguém me apressou nem por um minuto.',
  'Da outra vez tinha esperado bastante, então vim preparada com um livro, mas nem abri.',
  'Só acho que o ar-condicionado podia estar mais fraco, porque saí de lá com a garganta arranhando.',
  'Minha vizinha, que é mais velha, perguntou se tem degrau na entrada, e eu não soube responder.',
  'No mais, o resultado ficou do jeitinho que eu queria, e já mostrei para a família inteira.',
];

/** Exactly `length` characters. */
export function textOfLength(length) {
  let text = '';
  for (let index = 0; text.length < length; index++) text += `${SENTENCES[index % SENTENCES.length]} `;
  return `${text.slice(0, length - 4).trimEnd().padEnd(length - 4, '.')} Fim`;
}
