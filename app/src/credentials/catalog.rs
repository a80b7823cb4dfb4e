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
            Self::Whatsapp => "A API oficial da Meta",
            Self::Evolution => "A instância de WhatsApp do seu robô",
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
                    hint: "No Supabase: Project Settings → Data API → Project URL.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "api_key",
                    label: "Chave pública (publishable ou anon)",
                    example: "sb_publishable_…",
                    hint: "Project Settings → API Keys. Nunca a chave “secret” ou “service_role”.",
                    secret: true,
                    optional: false,
                },
            ],
            Self::Whatsapp => &[
                Field {
                    name: "phone_number_id",
                    label: "ID do número",
                    example: "106540352242922",
                    hint: "Não é o telefone. Em developers.facebook.com → Meus apps → o seu app → WhatsApp → Configuração da API (API Setup): “Identificação do número de telefone”.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "access_token",
                    label: "Token de acesso",
                    example: "EAA…",
                    hint: "Em business.facebook.com/settings → Usuários do sistema → Gerar token, validade “Nunca”. O da Configuração da API é temporário: vence em 24 horas.",
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "display_number",
                    label: "Número que os clientes veem",
                    example: "+55 11 98765-4321",
                    hint: "O teste confere se o ID é mesmo deste telefone.",
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
                    label: "App secret",
                    example: "32 letras e números",
                    hint: "No seu app: Configurações do app → Básico → Mostrar. Confere a assinatura dos avisos da Meta.",
                    secret: true,
                    optional: true,
                },
            ],
            Self::Evolution => &[
                Field {
                    name: "base_url",
                    label: "Endereço do servidor",
                    example: "https://evo.suaagencia.com.br",
                    hint: "O endereço em que você abre o Evolution Manager, sem o /manager do fim.",
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
                    hint: "No Evolution Manager, entre na instância: fica abaixo do nome. Não use a chave global do servidor.",
                    secret: true,
                    optional: false,
                },
            ],
            Self::GoogleCalendar => &[
                Field {
                    name: "client_id",
                    label: "Client ID",
                    example: "123456789012-….apps.googleusercontent.com",
                    hint: "Google Cloud → Credentials, cliente do tipo “Web application”.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "client_secret",
                    label: "Client secret",
                    example: "GOCSPX-…",
                    hint: "Na mesma tela do Client ID.",
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "calendar_id",
                    label: "ID da agenda",
                    example: "primary",
                    hint: "“primary”, um e-mail ou …@group.calendar.google.com.",
                    secret: false,
                    optional: false,
                },
            ],
            Self::GoogleMeet => &[
                Field {
                    name: "client_id",
                    label: "Client ID",
                    example: "123456789012-….apps.googleusercontent.com",
                    hint: "Pode ser o mesmo do Google Agenda.",
                    secret: false,
                    optional: false,
                },
                Field {
                    name: "client_secret",
                    label: "Client secret",
                    example: "GOCSPX-…",
                    hint: "Na mesma tela do Client ID.",
                    secret: true,
                    optional: false,
                },
            ],
            Self::N8n => &[
                Field {
                    name: "webhook_url",
                    label: "URL do webhook (produção)",
                    example: "https://n8n.suaagencia.com.br/webhook/…",
                    hint: "A “Production URL” do nó Webhook; quem a conhece pode chamar o fluxo.",
                    secret: true,
                    optional: false,
                },
                Field {
                    name: "signing_secret",
                    label: "Segredo da assinatura",
                    example: "ao menos 16 caracteres",
                    hint: "Com ele o painel assina cada aviso (X-Signature).",
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

    /// The field of that name.
    pub fn field(self, name: &str) -> Option<&'static Field> {
        self.fields().iter().find(|field| field.name == name)
    }
}
