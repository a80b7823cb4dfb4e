// How Barbearia Navalha and its customers write.
//
// Why it stands here: each step of a conversation (threads.mjs) picks one of the step's phrases and fills in
// the words in braces. Keys are the steps; they are the same in clinic-phrases.mjs.

export const phrases = {
  hello: ['Opa', 'E aí, {hi}', '{Hi}, meu patrão', 'Fala, meu rei', 'Salve', 'Oi, é da barbearia?', 'Opa, {hi}! Tão abertos?'],
  welcome: [
    'Fala, {first}! 💈 Aqui é o Navalhinha, o robô da Barbearia Navalha. Manda o número:\n\n1. Marcar horário\n2. Preços\n3. Remarcar ou desmarcar\n4. Falar com um barbeiro',
    'Opa, {first}, {hi}! Barbearia Navalha na área 💈 Bora marcar um horário?',
    '{Hi}, {first}! Navalhinha aqui. Quer marcar, saber preço ou trocar uma ideia com a equipe?',
  ],
  want: ['Quero marcar {said}', 'Tem vaga pra {said}?', '1', 'Bora marcar {said}', 'Queria {said} com {professional}', 'Dá pra encaixar {said} aí?', 'Oxe, bora. É {said}'],
  askDay: ['Massa! {service}. Que dia fica bom pra tu?', 'Fechado. Prefere que dia, e com quem?', 'Arretado! Pra {service}, manhã, tarde ou noite?'],
  sayDay: ['{day} dá certo', 'Pode ser {day}', '{day} depois do trampo', '{day}, se {professional} tiver livre', 'Qualquer hora {day}', '{day} visse'],
  offer: [
    '{day} com {professional} tem:\n💈 {other1}\n💈 {time}\n💈 {other2}\nQual vai ser?',
    'Olhei aqui: {professional} tá livre {day} às {time} e às {other2}.',
    'Com {professional}, {day}: {other1}, {time} ou {other2}. Escolhe aí, patrão.',
  ],
  offerElse: ['{day} com {professional} só tem {other1} e {other2}, visse. Dá?', 'Olhei aqui: {professional} {day}, {other1} ou {other2}.'],
  askOther: ['Eita, no meio disso não tem não?', 'Nenhum dá pra mim, tem outro?', 'Só consigo num horário diferente, tem como?', 'Vixe, nessas horas tô no trampo'],
  offerOther: ['Peraí… consegui um encaixe {day} às {time}. Serve?', 'Desistiram agora de {day} às {time} com {professional}. É teu?'],
  pick: ['{time} fechou', 'Bota {time}', '{time} tá massa', 'Quero o de {time}', 'Pode ser {time} mesmo', '{time}!'],
  askName: ['Boto no nome de quem?', 'Me diz teu nome completo pra eu anotar', 'Qual teu nome, patrão?'],
  sayName: ['{full}', '{full}', 'Bota {full}', '{full} visse'],
  askPrice: ['Quanto tá?', 'Quanto é {said} aí?', 'Qual o valor?', 'E o preço, patrão?'],
  price: ['{service} sai por {price}. Pode pagar no Pix, cartão ou dinheiro.', '{price}, e ainda tem café e água gelada por conta da casa 😎'],
  booked: [
    'Marcado! 💈\n\n*{service}*\ncom {professional}\n{weekday} ({date}) às {time}\n\n📍 Rua da Pitombeira, 77 – Casa Amarela, Recife',
    'Fechou, {first}! {service} com {professional} {day} ({date}), {time}. Atraso de até 10 min a gente segura, visse?',
    'Anotado no caderno: {weekday} {date}, {time}, {service}, cadeira de {professional}. 🪒',
  ],
  bookedOnline: ['Marcado! *{service}* com {professional}, {weekday} {date} às {time}.\nA chamada é por aqui, ó: {link}'],
  thanks: ['Valeu!', 'Tmj 🤜🤛', 'Show de bola', 'Massa, valeu', 'Brigado, meu rei', '👍', 'Arretado, até {day}', 'Ok'],
  bye: ['Tamo junto! 💈', 'A Navalha agradece, até lá!', 'É nóis, {first}!'],
  ok: ['Valeu, patrão', 'Beleza', 'Massa', 'Era só isso, tmj', 'Ok 👍'],
  okAnswer: ['Tmj, {first}! Precisando, é só chamar 💈', 'Às ordens, patrão.', 'Demorou!'],
  reminder: [
    'Opa, {first}! Amanhã às {time} tu tem {service} com {professional}. Manda *1* pra confirmar ou *2* pra mudar.',
    '{first}, lembrete da Navalha 💈 amanhã, {time}, {service}. Tá de pé?',
  ],
  confirm: ['1', 'De pé!', 'Tá confirmado', 'Confirmado, patrão', 'Vou sim', 'Oxe, claro 👊'],
  confirmed: ['Boa! Te esperamos 💈', 'Confirmado. A cadeira é tua.'],
  cancel: ['Patrão, não vou poder ir {day} não', 'Desmarca o de {day} pra mim, por favor', 'Deu ruim aqui no trampo, cancela {said}', 'Vou ter que viajar pra Caruaru, desmarca {day}'],
  cancelled: ['Beleza, {first}, tirei {service} de {date} às {time}. Quando quiser é só chamar.', 'Tranquilo, desmarcado. A casa tá sempre aberta!'],
  move: ['Dá pra mudar o de {day}?', 'Muda meu horário de {day} pra semana que vem?', '2', 'Choveu, Recife alagou todinha 😂 bora remarcar?'],
  moved: ['Dá sim! Tirei o de {date} e joguei pra semana que vem, mesma hora. Fechou?', 'Remarcado, patrão. O de {date} às {time} já era, te mando o novo já já.'],
  missed: ['{first}, tu não veio hoje às {time}… Tá tudo bem? Quer remarcar {service}?', 'Opa! A cadeira ficou te esperando hoje. Bora remarcar?'],
  missedReply: ['Eita, esqueci total, foi mal', 'O busão quebrou na Agamenon, foi mal mesmo', 'Vixe, dormi. Remarco semana que vem'],
  survey: ['E aí, {first}, curtiu o trabalho de {professional}? De 0 a 5 manda a nota', 'Nota de 0 a 5 pro atendimento de hoje na Navalha? 💈'],
  rating: ['5', '5, ficou na régua', '5! {professional} é brabo', '4, demorou um bocado', '5, a patroa aprovou 😂', '3, o pezinho ficou torto'],
  ratingThanks: ['Valeu demais! 🤜🤛', 'Obrigado pela sinceridade, {first}. Na próxima a gente capricha mais.'],
  payment: ['Aceita Pix?', 'Passa cartão?', 'Tem plano mensal?', 'Faz por menos se for eu e meu irmão?', 'Tem combo?'],
  paymentAnswer: ['Aceita Pix, débito e crédito. Fiado só amanhã 😂', 'Tem o Clube da Navalha: 4 cortes por mês por R$ 140. Bora?'],
  think: ['Vou ver aqui e te digo', 'Tá caro, visse 😅 vou pensar', 'Beleza, quando sair o salário eu marco', 'Massa, depois eu chamo'],
  thinkAnswer: ['Tranquilo, patrão. Tamo aqui 💈', 'Demorou! Só chamar.'],
  nudge: ['Oxe, {first}, sumisse? Ainda quer marcar?', 'Vou fechar o atendimento por aqui, visse? Qualquer coisa é só chamar 💈'],
  voice: ['🎤 Áudio (0:11)', '🎤 Áudio (0:56)', '🎤 Áudio (2:13)'],
  voiceAnswer: ['Ainda não escuto áudio, patrão 🙉 escreve aí pra mim?'],
  wrong: ['Ô da tapioca, tem de carne de sol?', 'Mainha, cheguei', 'É do lava-jato?'],
  wrongAnswer: ['Aqui é a Barbearia Navalha, em Casa Amarela 💈 Foi engano, né?'],
  transfer: ['Segura aí que eu chamo um dos barbeiros.', 'Vou passar pro Biu, ele já te responde.'],

  faq: [
    ['Onde fica?', 'Rua da Pitombeira, 77, Casa Amarela. Do lado do mercado.'],
    ['Tem onde estacionar?', 'Na rua mesmo, é tranquilo. Moto pode botar na calçada.'],
    ['Abre domingo?', 'Abre, das 9h às 13h. Segunda só à tarde.'],
    ['Precisa marcar ou é por ordem de chegada?', 'Melhor marcar, mas se tiver cadeira livre a gente atende na hora.'],
    ['Corta cabelo de menino pequeno?', 'Corta sim! Tem até a cadeira de carrinho 🚗'],
    ['Quanto tempo demora o nevou?', 'Umas 2 horas, porque descolore com calma pra não torar o cabelo.'],
    ['Vendem pomada?', 'Temos pomada, óleo de barba e shampoo. A matte tá R$ 38.'],
    ['Faz tesoura só, sem máquina?', 'Faz! Tonho é da tesoura, tu vai gostar.'],
    ['Atende em casa?', 'Só dia de noivo, e no Grande Recife. Aí é combinado com o Ítalo.'],
  ],

  human: [
    [
      ['in', 'Meu corte ficou um lado maior que o outro, visse'], ['out', 'Opa, {first}, aqui é o Biu. Eita, manda uma foto?'], ['in', '📷 Foto'], ['out', 'Vixe, tô vendo. Passa aqui que a gente acerta sem cobrar nada.'],
      ['in', 'Que horas?'], ['out', 'Hoje até 19h, é só chegar.'], ['in', 'Chego umas 18h'], ['out', 'Fechou, fica por minha conta e ainda boto uma cerveja sem álcool 😂'], ['in', 'Kkkkk valeu, Biu'], ['out', 'Tmj!'],
    ],
    [
      ['in', 'Esqueci meu boné aí ontem'], ['out', 'Como é ele, patrão?'], ['in', 'Preto, do Santa Cruz'], ['out', 'Achado! Tá guardado no caixa com teu nome.'], ['in', 'Deus te abençoe kkk'], ['out', 'Aqui é tudo rubro-negro, mas a gente guarda 😂'], ['in', 'Passo aí amanhã'],
    ],
    [
      ['in', 'Quero fechar pro casamento: eu, meu pai e 4 padrinhos'], ['out', 'Eita, que massa! Parabéns! Aqui é o Ítalo. Que dia é?'], ['in', 'Último sábado do mês que vem, cerimônia às 17h'], ['in', 'Tem como fechar a barbearia de manhã?'],
      ['out', 'Tem sim. Seis pessoas, das 9h às 13h, com café da manhã.'], ['in', 'E sai quanto?'], ['out', 'O dia do noivo é R$ 320, e os outros fazem corte + barba por R$ 60 cada.'], ['in', 'Fecha em 600 tudo?'], ['out', 'Pra tu, fecha. Só peço metade de sinal no Pix.'],
      ['in', 'Manda a chave'], ['out', 'pix@barbearia-navalha.example'], ['in', '📄 comprovante.pdf'], ['out', 'Recebido! Já bloqueei a agenda. Vai ser arretado 💈'], ['in', 'Valeu demais, Ítalo'],
    ],
    [
      ['in', 'O Pix caiu em duplicidade, paguei 2x'], ['out', 'Oi, {first}, Biu aqui. Deixa eu ver no extrato.'], ['in', 'Foi ontem de noite'], ['out', 'Tá aqui, dois de R$ 70. Devolvo agora, qual tua chave?'], ['in', 'É esse número mesmo'], ['out', 'Feito! Confere aí.'], ['in', 'Caiu, obrigado pela honestidade'],
    ],
    [
      ['in', 'Quero falar com {professional}'], ['out', 'Ele tá com a navalha na mão agora 😅 é o Biu, posso ajudar?'], ['in', 'É que minha pele ficou irritada depois da barba'], ['out', 'Bota compressa fria e um gel de babosa, nada de perfume.'],
      ['out', 'Se amanhã não melhorar, passa aqui que a gente olha.'], ['in', 'Beleza, vou fazer isso'], ['out', 'E da próxima a gente faz com a máquina, tá?'], ['in', 'Combinado'],
    ],
  ],
};
