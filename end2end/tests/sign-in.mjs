// Signing in through the form, for people whose session a test ends.

/** Fills the form and waits for the page that follows. */
export async function signIn({ page, visit, loading }, { email, password }) {
  await visit('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Senha').fill(password);
  await loading(() => page.getByRole('button', { name: 'Entrar' }).click());
}
