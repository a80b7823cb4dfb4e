// How Clínica Aurora and its customers write.
//
// Why it stands here: each step of a conversation (threads.mjs) picks one of the step's phrases and fills in
// the words in braces. Keys are the steps; they are the same in barber-phrases.mjs.

export const phrases = {
  hello: ['Oi, {hi}', '{Hi}!', 'Olá, tudo bem?', 'Oi', 'Oii, {hi}! Tudo bem?', 'Olá, {hi}. Vi o Instagram de vocês', 'Oi, uma amiga me indicou a clínica'],
  welcome: [
    'Olá, {first}! 🌅 Aqui é a assistente virtual da Clínica Aurora. Como posso ajudar?\n\n1. Agendar\n2. Valores\n3. Remarcar ou cancelar\n4. Falar com a recepção',
    '{Hi}, {first}! Bem-vind{o} à Clínica Aurora. Posso ajudar com agendamentos, valores e dúvidas. O que você precisa?',
    'Oi, {first}! Sou a Luz, assistente da Clínica Aurora 🌅 Me conta: quer agendar, saber valores ou falar com alguém da equipe?',
  ],
  want: ['Queria marcar {said}', 'Quero agendar {said}, por favor', '1', 'Gostaria de agendar {said}. Tem horário essa semana?', 'Vocês têm horário pra fazer {said}?', 'Preciso marcar {said} com {professional}, tem como?'],
  askDay: ['Claro! Para {service}, você tem preferência de dia ou período?', 'Perfeito 😊 Qual dia fica melhor para {service}? Manhã ou tarde?', 'Vamos agendar {service}. Prefere algum dia ou profissional?'],
  sayDay: ['{day} seria ótimo', 'Pode ser {day}?', '{day}, de preferência depois do almoço', 'Qualquer dia, desde que seja com {professional}', 'Tenho disponibilidade {day}', '{day} ou no dia seguinte, tanto faz'],
  offer: [
    'Para {day} com {professional} eu tenho:\n• {other1}\n• {time}\n• {other2}\nQual horário prefere?',
    'Consultei a agenda de {professional}: {day} às {other1}, {time} ou {other2}. Algum desses serve?',
    'Tenho {day} às {time} ou às {other2}, com {professional}.',
  ],
  offerElse: ['Para {day} com {professional} vejo só {other1} e {other2}. Algum deles serve?', 'Tenho {day} às {other1} ou às {other2}, com {professional}.'],
  askOther: ['Hmm, nenhum desses dá. Tem outro?', 'Não tem nada entre esses dois?', 'Nesses horários estou em reunião 😕', 'E se alguém desistir?'],
  offerOther: ['Deixa eu ver… Consegui um encaixe {day} às {time}. Serve?', 'Abriu um horário {day} às {time} com {professional}. Posso reservar?'],
  pick: ['{time} está ótimo', 'Pode ser {time}', '{time} 🙌', 'Fico com o das {time}, então', 'Esse das {time} por favor', 'Às {time}, pode confirmar'],
  askName: ['Ótimo! Me confirma seu nome completo, por favor?', 'Anotado. Qual é o seu nome completo, para o cadastro?', 'Só preciso do seu nome completo 😊'],
  sayName: ['{full}', '{full}', 'É {full}', 'Nome: {full}'],
  askPrice: ['Qual o valor?', 'E quanto fica?', 'Quanto custa {said}?', 'Qual o preço mesmo? Parcela?'],
  price: ['{service}: {price}. No Pix tem 5% de desconto, e no cartão parcelamos em até 6x sem juros.', 'O valor de {service} é {price}. Aceitamos Pix, débito e crédito em até 6x.'],
  booked: [
    'Agendado! ✅\n\n*{service}*\n{professional}\n{weekday}, {date} às {time}\n\n📍 Rua das Quaresmeiras, 480, conj. 62 – Vila Mariana',
    'Prontinho, {first}! {service} com {professional} {day} ({date}) às {time}. Chegue 10 minutinhos antes, tá? 🌅',
    'Confirmado: {weekday} {date}, {time}, {service} com {professional}. Se precisar mudar, é só me chamar por aqui.',
  ],
  bookedOnline: ['Agendada! ✅ *{service}* com {professional}, {weekday} {date} às {time}.\nO link da videochamada é {link}'],
  thanks: ['Obrigad{o}!', 'Muito obrigad{o} 💜', 'Perfeito, obrigad{o}', 'Combinado, até lá!', '🙏', 'Maravilha, obrigad{o} pela atenção', 'Ok', 'Show, até {day}'],
  bye: ['A Clínica Aurora agradece! Até lá 🌅', 'Imagina! Qualquer coisa, estou por aqui.', 'Até breve, {first}! 💜'],
  ok: ['Obrigad{o}!', 'Entendi, obrigad{o}', 'Ok', 'Tá bom 🙏', 'Era só isso mesmo, obrigad{o}'],
  okAnswer: ['Imagina, {first}! Qualquer dúvida, é só chamar 🌅', 'A Clínica Aurora agradece o contato 💜', 'Disponha!'],
  reminder: [
    'Oi, {first}! Passando para lembrar do seu horário amanhã às {time}: {service} com {professional}.\n\nResponda *1* para confirmar ou *2* para remarcar.',
    '{first}, amanhã às {time} esperamos você na Clínica Aurora para {service}. Podemos confirmar?',
  ],
  confirm: ['1', 'Confirmado', 'Confirmo sim', 'Sim, estarei aí', 'Pode confirmar 👍', 'Tá confirmado, obrigad{o} por lembrar'],
  confirmed: ['Presença confirmada, obrigada! Até amanhã 🌅', 'Confirmado ✅ Evite maquiagem no dia, combinado?'],
  cancel: ['Oi, preciso cancelar meu horário de {day}', 'Infelizmente não vou conseguir ir {day}, pode cancelar?', 'Tive um imprevisto, quero desmarcar {said}', 'Peguei uma gripe forte, melhor cancelar {day} 😷'],
  cancelled: ['Sem problemas, {first}. Cancelei {service} de {date} às {time}. Quando quiser, é só chamar.', 'Cancelado. Melhoras por aí! Quer que eu veja uma nova data?'],
  move: ['Consigo remarcar o de {day}?', 'Oi! Surgiu uma reunião {day}, dá pra mudar meu horário?', '2', 'Preciso mudar {said} pra outra semana'],
  moved: ['Claro! Deixei seu horário de {date} livre e passei para a semana seguinte, mesma hora. Tudo bem?', 'Remarcado 👍 O de {date} às {time} saiu da agenda; te mando o novo horário em instantes.'],
  missed: ['{first}, sentimos sua falta hoje às {time}. Aconteceu alguma coisa? Posso remarcar {service}.', 'Oi, {first}! Vimos que você não conseguiu vir hoje. Quer reagendar?'],
  missedReply: ['Nossa, esqueci completamente! Desculpa', 'Fiquei pres{o} na Marginal, desculpa mesmo', 'Perdão, meu filho passou mal. Te chamo pra remarcar'],
  survey: ['Como foi seu atendimento com {professional}? Responda de 0 a 5 ⭐', 'Oi, {first}! De 0 a 5, que nota você dá para o atendimento de hoje na Clínica Aurora?'],
  rating: ['5', '5, amei!', '5 ⭐ atendimento impecável', '4, atrasou um pouquinho', '5! Minha pele agradece', '3. Esperei 40 minutos na recepção'],
  ratingThanks: ['Obrigada por responder! 💜', 'Obrigada pelo retorno, {first}. Vamos levar para a equipe.'],
  payment: ['Aceitam Pix?', 'Dá pra parcelar?', 'Passa convênio?', 'Tem desconto pagando à vista?', 'E se eu fechar um pacote?'],
  paymentAnswer: ['Aceitamos Pix (5% de desconto), débito e crédito em até 6x sem juros. Convênio ainda não, mas emitimos recibo para reembolso.', 'No pacote de 4 sessões o desconto é de 15%. Quer que eu reserve a primeira?'],
  think: ['Vou pensar e te aviso', 'Entendi, obrigad{o}. Vou ver em casa', 'Um pouco acima do que eu esperava… obrigad{o}', 'Ok, mês que vem eu marco'],
  thinkAnswer: ['Claro, {first}! Fico à disposição 🌅', 'Sem pressa! Se quiser agendar, é só mandar um oi.'],
  nudge: ['{first}, ainda está por aí? Posso ajudar em algo mais?', 'Como não tivemos resposta, vou encerrar por aqui. É só chamar quando precisar 🌅'],
  voice: ['🎤 Áudio (0:18)', '🎤 Áudio (1:07)', '🎤 Áudio (0:42)'],
  voiceAnswer: ['Ainda não consigo ouvir áudios 🙈 Pode me escrever?'],
  wrong: ['Oi, é da pizzaria?', 'Manda a foto do comprovante Cláudia', 'Boa, o gás chega que horas?'],
  wrongAnswer: ['Aqui é a Clínica Aurora, de estética e dermatologia. Acho que foi engano 😊'],
  transfer: ['Vou chamar alguém da recepção para você. Só um instante!', 'Entendi. A Cíntia, da recepção, já vai continuar por aqui.'],

  faq: [
    ['Qual o endereço?', 'Rua das Quaresmeiras, 480, conj. 62, Vila Mariana. Fica a 5 minutos do metrô Ana Rosa.'],
    ['Tem estacionamento?', 'Temos convênio com o estacionamento do prédio: R$ 15 a primeira hora.'],
    ['Vocês abrem sábado?', 'Sim! Sábado das 9h às 15h. De segunda a sexta, das 9h às 19h.'],
    ['Pode fazer limpeza de pele grávida?', 'Pode, com alguns cuidados: avise a esteticista para usarmos só ativos liberados.'],
    ['Precisa de preparo pro laser?', 'Sim: sem sol por 15 dias, raspar o pelo um dia antes e nada de ácido na região.'],
    ['Quantos dias fica vermelho depois do peeling?', 'Em geral de 3 a 5 dias. Protetor solar é obrigatório!'],
    ['Atende criança?', 'Atendemos a partir de 12 anos, com um responsável junto.'],
    ['Dói muito o microagulhamento?', 'Usamos anestésico em creme, então é bem suportável. A sessão dura cerca de 1 hora.'],
    ['Qual a marca da toxina?', 'Trabalhamos só com marcas registradas na Anvisa; a doutora mostra o frasco lacrado na consulta.'],
  ],

  human: [
    [
      ['in', 'Fiz o peeling e meu rosto está ardendo muito, é normal?'], ['out', '{first}, aqui é a Cíntia, da recepção. Há quanto tempo foi a sessão?'],
      ['in', 'Ontem à tarde'], ['out', 'Um pouco de ardor nas primeiras 48h é esperado. Consegue me mandar uma foto?'], ['in', '📷 Foto'],
      ['out', 'Obrigada! Já mostrei para {professional}.'], ['out', 'O recado: lavar só com água fria, usar o calmante que demos e nada de maquiagem hoje.'],
      ['in', 'Tá bom, ufa'], ['in', 'E posso tomar sol?'], ['out', 'De jeito nenhum por 7 dias 🙏 e protetor a cada 3 horas.'], ['in', 'Obrigad{o}, Cíntia!'], ['out', 'Amanhã eu te chamo para saber como está, combinado?'],
    ],
    [
      ['in', 'Cobraram duas vezes no meu cartão'], ['out', 'Oi, {first}, é a Cíntia. Vou verificar agora. Foi em qual dia?'], ['in', 'No dia da limpeza de pele'], ['in', 'Aparece R$ 190,00 duas vezes na fatura'],
      ['out', 'Encontrei: a maquininha caiu e passou de novo. Já pedi o estorno da segunda.'], ['in', 'Demora quanto?'], ['out', 'Até 5 dias úteis, dependendo do banco. Te mando o comprovante por aqui.'], ['out', '📄 estorno.pdf'], ['in', 'Recebi, obrigad{o}'],
    ],
    [
      ['in', 'Preciso de recibo pra reembolso do plano'], ['out', 'Claro! Me passa seu CPF e o nome do plano?'], ['in', 'Mando por e-mail, pode ser?'], ['out', 'Pode sim: recepcao@clinica-aurora.example'], ['in', 'Enviado'],
      ['out', 'Recebemos. O recibo sai até amanhã, assinado por {professional}.'], ['in', 'Perfeito 🙏'],
    ],
    [
      ['in', 'Quero falar com uma pessoa, por favor'], ['out', 'Oi! Cíntia falando 😊 Em que posso ajudar?'], ['in', 'Minha mãe tem 78 anos e queria ver uma mancha na mão dela'], ['in', 'Vocês atendem idosos? Tem elevador?'],
      ['out', 'Atendemos sim, com todo carinho. O prédio tem elevador e rampa.'], ['out', 'Sugiro a avaliação com {professional}, {price}.'], ['in', 'Ela usa cadeira de rodas'], ['out', 'Sem problema, a sala 2 é adaptada.'],
      ['in', 'Que bom. Vou ver com ela o melhor dia'], ['out', 'Fico esperando! Um abraço na sua mãe 💜'],
    ],
    [
      ['in', 'Comprei um vale-presente pra minha irmã, como ela usa?'], ['out', 'Que presente lindo! É só ela chamar aqui e mandar o código do cartão.'], ['in', 'Tem validade?'], ['out', 'Seis meses a partir da compra.'], ['in', 'E pode trocar por outro serviço?'], ['out', 'Pode, pagando a diferença se houver.'], ['in', 'Ótimo!'],
    ],
  ],
};
