// How the pages' HTML is judged: html-validate's recommended rules, all of them.
export default {
  root: true,
  extends: ['html-validate:recommended'],
};
