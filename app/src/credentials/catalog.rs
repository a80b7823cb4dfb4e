//! The six providers and their fields: what a form asks for. How each is validated is the server's matter
//! (`server/src/providers/`).

use crate::tr;
use serde::{Deserialize, Serialize};

/// A kind of foreign service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// The tenant's project: conversations and appointments.
    Supabase,
    /// Meta's WhatsApp Cloud API.
    Whatsapp,
    /// A self-hosted Evolution API instance.
    Evolution,
    /// Google Calendar.
    GoogleCalendar,
    /// Google Meet.
    GoogleMeet,
    /// An n8n workflow's webhook.
    N8n,
}

/// One field of a provider.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Name in forms, in the store and on the command line.
    pub name: &'static str,
    /// What the form says of it, in the reader's language.
    pub words: fn() -> FieldWords,
    /// Written and never read back.
    pub secret: bool,
    /// May stay empty.
    pub optional: bool,
}

/// What a form says of a field.
#[derive(Debug, Clone, Copy)]
pub struct FieldWords {
    /// What the form calls it.
    pub label: &'static str,
    /// An example, shown while the field is empty.
    pub example: &'static str,
    /// Where to find it, in a sentence.
    pub hint: &'static str,
}

impl Provider {
    /// Every provider, in the order of the page.
    pub const ALL: [Self; 6] =
        [Self::Supabase, Self::Whatsapp, Self::Evolution, Self::GoogleCalendar, Self::GoogleMeet, Self::N8n];

    /// The word kept in the store, in forms and on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Supabase => "supabase",
            Self::Whatsapp => "whatsapp",
            Self::Evolution => "evolution",
            Self::GoogleCalendar => "google_calendar",
            Self::GoogleMeet => "google_meet",
            Self::N8n => "n8n",
        }
    }

    /// Reads the word of [`Provider::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.as_str() == word)
    }

    /// The service's own name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Supabase => "Supabase",
            Self::Whatsapp => "WhatsApp Business",
            Self::Evolution => "Evolution API",
            Self::GoogleCalendar => tr!("Google Agenda", "Google Calendar"),
            Self::GoogleMeet => "Google Meet",
            Self::N8n => "n8n",
        }
    }

    /// What it is for, in half a sentence.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Supabase => {
                tr!("De onde vêm suas conversas e sua agenda", "Where your conversations and appointments come from")
            }
            Self::Whatsapp => tr!(
                "Se o seu número está na API oficial da Meta; basta este ou a Evolution",
                "If your number is on Meta’s official API; this one or Evolution is enough"
            ),
            Self::Evolution => tr!(
                "Se o seu número foi ligado por QR code; basta esta ou o WhatsApp Business",
                "If your number was linked by QR code; this one or WhatsApp Business is enough"
            ),
            Self::GoogleCalendar => tr!("Onde os horários são marcados", "Where appointments are booked"),
            Self::GoogleMeet => tr!("Os links das consultas por vídeo", "The links for video appointments"),
            Self::N8n => tr!("Para onde o painel avisa os seus fluxos", "Where Painel notifies your workflows"),
        }
    }

    /// Its fields, in the order of the form.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Supabase => &[
                Field {
                    name: "project_url",
                    words: || FieldWords {
                        label: tr!("Endereço do projeto", "Project address"),
                        example: "https://abcdefghijklmnopqrst.supabase.co",
                        hint: tr!(
                            "É o projeto em que o seu robô já grava as conversas, e não um novo; na dúvida, pergunte à agência qual. No Supabase: Project Settings → Data API → Project URL, ou o botão “Connect”.",
                            "It is the project where your bot already writes the conversations, not a new one; if in doubt, ask the agency which one. In Supabase: Project Settings → Data API → Project URL, or the “Connect” button."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "api_key",
                    words: || FieldWords {
                        label: tr!("Chave pública (publishable ou anon)", "Public key (publishable or anon)"),
                        example: "sb_publishable_…",
                        hint: tr!(
                            "Project Settings → API Keys: a “publishable”, ou a “anon” em Legacy API Keys. Nunca a “secret” ou a “service_role”.",
                            "Project Settings → API Keys: the “publishable” one, or the “anon” one in Legacy API Keys. Never the “secret” or the “service_role” one."
                        ),
                    },
                    secret: true,
                    optional: false,
                },
            ],
            Self::Whatsapp => &[
                Field {
                    name: "phone_number_id",
                    words: || FieldWords {
                        label: tr!("ID do número", "Number ID"),
                        example: "106540352242922",
                        hint: tr!(
                            "Não é o telefone. Em developers.facebook.com → Meus apps → o seu app → WhatsApp (ou Casos de uso → WhatsApp → Personalizar) → Configuração da API (API Setup): escolha em “De” o seu número, não o de teste, e copie a “Identificação do número de telefone”.",
                            "It is not the phone number. In developers.facebook.com → My Apps → your app → WhatsApp (or Use cases → WhatsApp → Customize) → API Setup: in “From” choose your number, not the test one, and copy the “Phone number ID”."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "access_token",
                    words: || FieldWords {
                        label: tr!("Token de acesso", "Access token"),
                        example: "EAA…",
                        hint: tr!(
                            "O de um usuário do sistema, com validade “Nunca”: veja “Como criar o token”, abaixo. O da Configuração da API vence em 24 horas.",
                            "A system user’s token, with the expiration “Never”: see “How to create the token”, below. The one from API Setup expires in 24 hours."
                        ),
                    },
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "display_number",
                    words: || FieldWords {
                        label: tr!("Número que os clientes veem", "Number that customers see"),
                        example: "+55 11 98765-4321",
                        hint: tr!(
                            "Recomendado: o teste confere se o ID é mesmo deste telefone, e não o do número de teste.",
                            "Recommended: the test checks that the ID really belongs to this phone, and not to the test number."
                        ),
                    },
                    secret: false,
                    optional: true,
                },
                Field {
                    name: "waba_id",
                    words: || FieldWords {
                        label: tr!("ID da conta WhatsApp Business", "WhatsApp Business account ID"),
                        example: "102290129340398",
                        hint: tr!(
                            "Na mesma tela do ID do número, logo abaixo: “Identificação da conta do WhatsApp Business”.",
                            "On the same screen as the number ID, just below it: “WhatsApp Business Account ID”."
                        ),
                    },
                    secret: false,
                    optional: true,
                },
                Field {
                    name: "app_secret",
                    words: || FieldWords {
                        label: tr!("Chave secreta do app (App Secret)", "App secret"),
                        example: tr!("32 letras e números", "32 letters and digits"),
                        hint: tr!(
                            "No seu app: Configurações do app → Básico → Mostrar. Só se quem montou o robô pedir: os fluxos conferem com ela a assinatura dos avisos da Meta.",
                            "In your app: App settings → Basic → Show. Only if whoever built the bot asks for it: the workflows use it to check the signature of Meta’s notifications."
                        ),
                    },
                    secret: true,
                    optional: true,
                },
            ],
            Self::Evolution => &[
                Field {
                    name: "base_url",
                    words: || FieldWords {
                        label: tr!("Endereço do servidor", "Server address"),
                        example: tr!("https://evo.suaagencia.com.br", "https://evo.youragency.com"),
                        hint: tr!(
                            "O “Server URL” com que se entra no Evolution Manager: o endereço dele até antes de /manager. Se a agência cuida do servidor, peça a ela os três valores.",
                            "The “Server URL” used to sign in to Evolution Manager: its address up to, but without, /manager. If the agency looks after the server, ask it for the three values."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "instance",
                    words: || FieldWords {
                        label: tr!("Instância", "Instance"),
                        example: tr!("clinica-aurora", "aurora-clinic"),
                        hint: tr!(
                            "O nome como aparece no Evolution Manager; maiúsculas e espaços contam.",
                            "The name as it appears in Evolution Manager; capitals and spaces matter."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "token",
                    words: || FieldWords {
                        label: tr!("Token da instância", "Instance token"),
                        example: "A1B2C3D4-…",
                        hint: tr!(
                            "No Evolution Manager, entre na instância: fica abaixo do nome (clique no olho ou em copiar). A chave global, com que se entra no Manager, não serve aqui.",
                            "In Evolution Manager, open the instance: it is below the name (click the eye or copy). The global key, used to sign in to the Manager, does not work here."
                        ),
                    },
                    secret: true,
                    optional: false,
                },
            ],
            Self::GoogleCalendar => &[
                Field {
                    name: "client_id",
                    words: || FieldWords {
                        label: "Client ID",
                        example: "123456789012-….apps.googleusercontent.com",
                        hint: tr!(
                            "Ainda não tem? Siga “Como criar o Client ID e o Client secret”, abaixo. Já tem: Google Auth Platform → Clientes (Clients); acrescente a ele o endereço do passo 4.",
                            "Do not have one yet? Follow “How to create the Client ID and the Client secret”, below. Already have one: Google Auth Platform → Clients; add the address of step 4 to it."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "client_secret",
                    words: || FieldWords {
                        label: "Client secret",
                        example: "GOCSPX-…",
                        hint: tr!(
                            "Aparece inteiro só quando o cliente é criado. Perdeu? Abra o cliente e use “Adicionar chave secreta” (Add secret).",
                            "Shown in full only when the client is created. Lost it? Open the client and use “Add secret”."
                        ),
                    },
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "calendar_id",
                    words: || FieldWords {
                        label: tr!("ID da agenda", "Calendar ID"),
                        example: "primary",
                        hint: tr!(
                            "Na dúvida, escreva “primary”: é a agenda principal da conta que você conectar. Outra: Google Agenda → Configurações → clique na agenda → Integrar agenda → ID da agenda.",
                            "If in doubt, write “primary”: it is the main calendar of the account you connect. Another one: Google Calendar → Settings → click the calendar → Integrate calendar → Calendar ID."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
            ],
            Self::GoogleMeet => &[
                Field {
                    name: "client_id",
                    words: || FieldWords {
                        label: "Client ID",
                        example: "123456789012-….apps.googleusercontent.com",
                        hint: tr!(
                            "Se o Google Agenda já está guardado, deixe os dois em branco: vale o cliente dele.",
                            "If Google Calendar is already saved, leave both blank: its client is used."
                        ),
                    },
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "client_secret",
                    words: || FieldWords {
                        label: "Client secret",
                        example: "GOCSPX-…",
                        hint: tr!(
                            "Em branco, vale o do Google Agenda. De outro cliente, aparece inteiro só quando ele é criado.",
                            "If blank, Google Calendar’s is used. Another client’s secret is shown in full only when that client is created."
                        ),
                    },
                    secret: true,
                    optional: false,
                },
            ],
            Self::N8n => &[
                Field {
                    name: "webhook_url",
                    words: || FieldWords {
                        label: tr!("URL do webhook (produção)", "Webhook URL (production)"),
                        example: tr!("https://n8n.suaagencia.com.br/webhook/…", "https://n8n.youragency.com/webhook/…"),
                        hint: tr!(
                            "A “Production URL” de um fluxo novo, só para estes avisos, e não do fluxo do robô: veja “Como criar o fluxo”, abaixo. Quem a conhece pode chamar o fluxo.",
                            "The “Production URL” of a new workflow, only for these notifications, and not that of the bot’s workflow: see “How to create the workflow”, below. Whoever knows it can call the workflow."
                        ),
                    },
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "signing_secret",
                    words: || FieldWords {
                        label: tr!("Segredo da assinatura", "Signing secret"),
                        example: tr!("uma frase longa que só você conhece", "a long phrase that only you know"),
                        hint: tr!(
                            "Você o inventa, com 16 caracteres ou mais: o painel assina com ele cada aviso (X-Signature). Na dúvida, deixe em branco.",
                            "You make it up, with 16 characters or more: Painel signs each notification with it (X-Signature). If in doubt, leave it blank."
                        ),
                    },
                    secret: true,
                    optional: true,
                },
            ],
        }
    }

    /// Of the two that a person connects by Google's own page, the other one; `None` for all others.
    pub fn google_sibling(self) -> Option<Self> {
        match self {
            Self::GoogleCalendar => Some(Self::GoogleMeet),
            Self::GoogleMeet => Some(Self::GoogleCalendar),
            _ => None,
        }
    }

    /// How to come by what the fields ask for, where a hint is too short for it: a title, and steps in order.
    pub fn guide(self) -> Option<(&'static str, Vec<&'static str>)> {
        match self {
            Self::Whatsapp => Some((
                tr!("Como criar o token", "How to create the token"),
                vec![
                    tr!(
                        "Antes: um app em developers.facebook.com com o WhatsApp, e o seu número já registrado na API oficial. Um número que só está no aplicativo do celular não serve. Se o app é da agência, peça a ela o ID e o token.",
                        "First you need an app at developers.facebook.com with WhatsApp, and your number already registered with the official API. A number that is only in the phone’s app does not work. If the app is the agency’s, ask it for the ID and the token."
                    ),
                    tr!(
                        "Em business.facebook.com/settings → Usuários → Usuários do sistema, clique em “Adicionar” e dê a função de administrador.",
                        "In business.facebook.com/settings → Users → System users, click “Add” and give the admin role."
                    ),
                    tr!(
                        "Em “Atribuir ativos”, dê a ele o controle total do seu app e da sua conta do WhatsApp.",
                        "In “Assign assets”, give it full control of your app and of your WhatsApp account."
                    ),
                    tr!(
                        "Em “Gerar token”, escolha o app, a validade “Nunca” e as permissões whatsapp_business_messaging e whatsapp_business_management.",
                        "In “Generate token”, choose the app, the expiration “Never” and the permissions whatsapp_business_messaging and whatsapp_business_management."
                    ),
                    tr!(
                        "Copie o token na hora: ele não aparece de novo. Cole-o acima, teste e guarde.",
                        "Copy the token right away: it is not shown again. Paste it above, test and save."
                    ),
                ],
            )),
            Self::N8n => Some((
                tr!("Como criar o fluxo", "How to create the workflow"),
                vec![
                    tr!(
                        "No seu n8n, clique em “Create workflow” e ponha um nó “Webhook”. Em “HTTP Method”, escolha POST. Se a agência cuida do n8n, peça a ela esta URL.",
                        "In your n8n, click “Create workflow” and add a “Webhook” node. In “HTTP Method”, choose POST. If the agency looks after n8n, ask it for this URL."
                    ),
                    tr!(
                        "Ligue depois dele o que deve acontecer com um aviso: por exemplo, um nó que manda um e-mail ou uma mensagem a quem cuida das conexões.",
                        "After it, connect what should happen with a notification: for example, a node that sends an email or a message to whoever looks after the connections."
                    ),
                    tr!(
                        "Ative o fluxo (“Active” ou “Publish”, no alto). Só então a URL de produção responde.",
                        "Activate the workflow (“Active” or “Publish”, at the top). Only then does the production URL answer."
                    ),
                    tr!(
                        "No nó Webhook, abra “Production URL”, copie e cole acima. A “Test URL” não serve: ela só vale enquanto o editor escuta.",
                        "In the Webhook node, open “Production URL”, copy it and paste it above. The “Test URL” does not work: it is only valid while the editor is listening."
                    ),
                    tr!(
                        "O painel avisa quando uma conexão deixa de funcionar e quando volta, com um POST em JSON. Cada aviso tem um número próprio (X-Event-Id), que se repete se for preciso tentar de novo.",
                        "Painel notifies you when a connection stops working and when it works again, with a POST in JSON. Each notification has its own number (X-Event-Id), which is repeated if it has to be tried again."
                    ),
                    tr!(
                        "“Testar conexão” só pergunta se o endereço existe e não executa o fluxo. Para executá-lo uma vez há, depois de guardar, um botão que manda um evento de teste.",
                        "“Test connection” only asks whether the address exists and does not run the workflow. To run it once, use the button that sends a test event, which appears after saving."
                    ),
                    tr!(
                        "Com um segredo, confira X-Signature no fluxo: t=<segundos>,v1=<HMAC-SHA256 em hexadecimal de “t.corpo”>.",
                        "With a secret, check X-Signature in the workflow: t=<seconds>,v1=<HMAC-SHA256 in hexadecimal of “t.body”>."
                    ),
                ],
            )),
            _ => None,
        }
    }

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}
