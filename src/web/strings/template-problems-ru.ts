/**
 * What Meta would refuse of a filled-in template, by the code of the server's check: what of it, with the name of the field. In English
 * the server says it. Loaded with the templates alone.
 */
export const templateProblemsRu: Readonly<Record<string, (field: string) => string>> = {
  missing: (field) => `${field}: заполните это поле.`,
  bad_characters: (field) =>
    `${field}: без переносов строк, табуляции и нескольких пробелов подряд, а в адресе без пробелов вообще.`,
  too_long: (field) => `${field}: вместе с вашими значениями это длиннее, чем разрешает WhatsApp.`,
  not_approved: () => "Meta сейчас не разрешает отправлять этот шаблон. Выберите другой.",
};

export const anyTemplateProblemRu = (field: string) => `${field}: такое значение Meta не примет.`;
