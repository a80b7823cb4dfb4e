// The two answers of Supabase Auth that a connection test asks for. There is no Auth server behind them.

import { replyJson } from './reply.mjs';

const ANSWERS = {
  '/health': {
    version: 'v2.197.0',
    name: 'GoTrue',
    description: 'GoTrue is a user registration and authentication API',
  },
  '/settings': {
    external: { anonymous_users: false, email: true, phone: false, google: false },
    disable_signup: false,
    mailer_autoconfirm: false,
    phone_autoconfirm: false,
    sms_provider: 'twilio',
    saml_enabled: false,
  },
};

export function answerAuth(target, response) {
  const answer = ANSWERS[target.split('?')[0]];
  if (answer) replyJson(response, 200, answer);
  else replyJson(response, 404, { code: 404, error_code: 'not_found', msg: 'Not Found' });
}
