//! The six providers and their fields: what a form asks for. How each is validated is the server's matter
//! (`server/src/providers/`).

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name in forms, in the store and on the command line.
    pub name: &'static str,
    /// What the form calls it.
    pub label: &'static str,
    /// An example, shown while the field is empty.
    pub example: &'static str,
    /// Where to find it, in a sentence.
    pub hint: &'static str,
    /// Written and never read back.
    pub secret: bool,
    /// May stay empty.
    pub optional: bool,
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
            Self::GoogleCalendar => "Google Agenda",
            Self::GoogleMeet => "Google Meet",
            Self::N8n => "n8n",
        }
    }

    /// What it is for, in half a sentence.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Supabase => "De onde vêm suas conversas e sua agenda",
            Self::Whatsapp => "Se o seu número está na API oficial da Meta; basta este ou a Evolution",
            Self::Evolution => "Se o seu número foi ligado por QR code; basta esta ou o WhatsApp Business",
            Self::GoogleCalendar => "Onde os horários são marcados",
            Self::GoogleMeet => "Os links das consultas por vídeo",
            Self::N8n => "Para onde o painel avisa os seus fluxos",
        }
    }

    /// Its fields, in the order of the form.
    pub fn fields(self) -> &'static [Field] {
        match self {
            Self::Supabase => &[
                Field {
                    name: "project_url",
                    label: "Endereço do projeto",
                    example: "https://abcdefghijklmnopqrst.supabase.co",
                    hint: "É o projeto em que o seu robô já grava as conversas, e não um novo; na dúvida, pergunte à agência qual. No Supabase: Project Settings → Data API → Project URL, ou o botão “Connect”.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "api_key",
                    label: "Chave pública (publishable ou anon)",
                    example: "sb_publishable_…",
                    hint: "Project Settings → API Keys: a “publishable”, ou a “anon” em Legacy API Keys. Nunca a “secret” ou a “service_role”.",
                    secret: true,
                    optional: false,
                },
            ],
            Self::Whatsapp => &[
                Field {
                    name: "phone_number_id",
                    label: "ID do número",
                    example: "106540352242922",
                    hint: "Não é o telefone. Em developers.facebook.com → Meus apps → o seu app → WhatsApp (ou Casos de uso → WhatsApp → Personalizar) → Configuração da API (API Setup): escolha em “De” o seu número, não o de teste, e copie a “Identificação do número de telefone”.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "access_token",
                    label: "Token de acesso",
                    example: "EAA…",
                    hint: "O de um usuário do sistema, com validade “Nunca”: veja “Como criar o token”, abaixo. O da Configuração da API vence em 24 horas.",
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "display_number",
                    label: "Número que os clientes veem",
                    example: "+55 11 98765-4321",
                    hint: "Recomendado: o teste confere se o ID é mesmo deste telefone, e não o do número de teste.",
                    secret: false,
                    optional: true,
                },
                Field {
                    name: "waba_id",
                    label: "ID da conta WhatsApp Business",
                    example: "102290129340398",
                    hint: "Na mesma tela do ID do número, logo abaixo: “Identificação da conta do WhatsApp Business”.",
                    secret: false,
                    optional: true,
                },
                Field {
                    name: "app_secret",
                    label: "Chave secreta do app (App Secret)",
                    example: "32 letras e números",
                    hint: "No seu app: Configurações do app → Básico → Mostrar. Só se quem montou o robô pedir: os fluxos conferem com ela a assinatura dos avisos da Meta.",
                    secret: true,
                    optional: true,
                },
            ],
            Self::Evolution => &[
                Field {
                    name: "base_url",
                    label: "Endereço do servidor",
                    example: "https://evo.suaagencia.com.br",
                    hint: "O “Server URL” com que se entra no Evolution Manager: o endereço dele até antes de /manager. Se a agência cuida do servidor, peça a ela os três valores.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "instance",
                    label: "Instância",
                    example: "clinica-aurora",
                    hint: "O nome como aparece no Evolution Manager; maiúsculas e espaços contam.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "token",
                    label: "Token da instância",
                    example: "A1B2C3D4-…",
                    hint: "No Evolution Manager, entre na instância: fica abaixo do nome (clique no olho ou em copiar). A chave global, com que se entra no Manager, não serve aqui.",
                    secret: true,
                    optional: false,
                },
            ],
            Self::GoogleCalendar => &[
                Field {
                    name: "client_id",
                    label: "Client ID",
                    example: "123456789012-….apps.googleusercontent.com",
                    hint: "Ainda não tem? Siga “Como criar o Client ID e o Client secret”, abaixo. Já tem: Google Auth Platform → Clientes (Clients); acrescente a ele o endereço do passo 4.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "client_secret",
                    label: "Client secret",
                    example: "GOCSPX-…",
                    hint: "Aparece inteiro só quando o cliente é criado. Perdeu? Abra o cliente e use “Adicionar chave secreta” (Add secret).",
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "calendar_id",
                    label: "ID da agenda",
                    example: "primary",
                    hint: "Na dúvida, escreva “primary”: é a agenda principal da conta que você conectar. Outra: Google Agenda → Configurações → clique na agenda → Integrar agenda → ID da agenda.",
                    secret: false,
                    optional: false,
                },
            ],
            Self::GoogleMeet => &[
                Field {
                    name: "client_id",
                    label: "Client ID",
                    example: "123456789012-….apps.googleusercontent.com",
                    hint: "Se o Google Agenda já está guardado, deixe os dois em branco: vale o cliente dele.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "client_secret",
                    label: "Client secret",
                    example: "GOCSPX-…",
                    hint: "Em branco, vale o do Google Agenda. De outro cliente, aparece inteiro só quando ele é criado.",
                    secret: true,
                    optional: false,
                },
            ],
            Self::N8n => &[
                Field {
                    name: "webhook_url",
                    label: "URL do webhook (produção)",
                    example: "https://n8n.suaagencia.com.br/webhook/…",
                    hint: "A “Production URL” de um fluxo novo, só para estes avisos, e não do fluxo do robô: veja “Como criar o fluxo”, abaixo. Quem a conhece pode chamar o fluxo.",
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "signing_secret",
                    label: "Segredo da assinatura",
                    example: "uma frase longa que só você conhece",
                    hint: "Você o inventa, com 16 caracteres ou mais: o painel assina com ele cada aviso (X-Signature). Na dúvida, deixe em branco.",
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
    pub fn guide(self) -> Option<(&'static str, &'static [&'static str])> {
        match self {
            Self::Whatsapp => Some((
                "Como criar o token",
                &[
                    "Antes: um app em developers.facebook.com com o WhatsApp, e o seu número já registrado na API oficial. Um número que só está no aplicativo do celular não serve. Se o app é da agência, peça a ela o ID e o token.",
                    "Em business.facebook.com/settings → Usuários → Usuários do sistema, clique em “Adicionar” e dê a função de administrador.",
                    "Em “Atribuir ativos”, dê a ele o controle total do seu app e da sua conta do WhatsApp.",
                    "Em “Gerar token”, escolha o app, a validade “Nunca” e as permissões whatsapp_business_messaging e whatsapp_business_management.",
                    "Copie o token na hora: ele não aparece de novo. Cole-o acima, teste e guarde.",
                ],
            )),
            Self::N8n => Some((
                "Como criar o fluxo",
                &[
                    "No seu n8n, clique em “Create workflow” e ponha um nó “Webhook”. Em “HTTP Method”, escolha POST. Se a agência cuida do n8n, peça a ela esta URL.",
                    "Ligue depois dele o que deve acontecer com um aviso: por exemplo, um nó que manda um e-mail ou uma mensagem a quem cuida das conexões.",
                    "Ative o fluxo (“Active” ou “Publish”, no alto). Só então a URL de produção responde.",
                    "No nó Webhook, abra “Production URL”, copie e cole acima. A “Test URL” não serve: ela só vale enquanto o editor escuta.",
                    "O painel avisa quando uma conexão deixa de funcionar e quando volta, com um POST em JSON. Cada aviso tem um número próprio (X-Event-Id), que se repete se for preciso tentar de novo.",
                    "“Testar conexão” só pergunta se o endereço existe e não executa o fluxo. Para executá-lo uma vez há, depois de guardar, um botão que manda um evento de teste.",
                    "Com um segredo, confira X-Signature no fluxo: t=<segundos>,v1=<HMAC-SHA256 em hexadecimal de “t.corpo”>.",
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
