import type { BilingualText } from "./check-text.ts";

/** What the checks of the account, the number in it, and what Meta thinks of it say. */
export const accountTexts = {
  waba_ok: {
    en: { title: "the account is visible: {name}" },
    ru: { title: "аккаунт виден: {name}" },
  },
  waba_not_found: {
    en: {
      title: "account {wabaId} is wrong, or the token has no access to it",
      why: "Meta gives one answer for both. {meta}",
      fix: "Compare the WABA ID with API Setup. If it is right, assign the account to the system user.",
    },
    ru: {
      title: "аккаунт {wabaId} указан неверно, или у токена нет к нему доступа",
      why: "На оба случая Meta отвечает одинаково. {meta}",
      fix: "Сравните WABA ID со страницей API Setup. Если он верен, назначьте аккаунт системному пользователю.",
    },
  },
  ids_swapped: {
    en: {
      title: "the phone number ID and the WABA ID are swapped",
      why: "Each of them exists at Meta as what the other should be.",
      fix: "Swap the two.",
    },
    ru: {
      title: "phone number ID и WABA ID перепутаны местами",
      why: "Каждый из них существует в Meta в роли другого.",
      fix: "Поменяйте их местами.",
    },
  },
  waba_other_object: {
    en: {
      title: "{wabaId} is not a WhatsApp account",
      why: "Something else of yours has this ID: usually the business portfolio or the app.",
      fix: "Take the WhatsApp Business Account ID from API Setup, below the phone number ID.",
    },
    ru: {
      title: "{wabaId} — это не аккаунт WhatsApp",
      why: "Этот ID принадлежит чему-то другому: обычно бизнес-портфолио или приложению.",
      fix: "Возьмите WhatsApp Business Account ID на странице API Setup, под phone number ID.",
    },
  },
  waba_in_review: {
    en: {
      title: "Meta is still reviewing the account",
      why: "Its state is {review}. Until then Meta limits what it may send.",
      fix: "Wait for Meta's decision in Business Support Home.",
    },
    ru: {
      title: "Meta ещё проверяет аккаунт",
      why: "Его состояние: {review}. До решения Meta ограничивает отправку.",
      fix: "Дождитесь решения Meta в Business Support Home.",
    },
  },
  waba_refused: {
    en: {
      title: "Meta has rejected the account",
      why: "Its state is {review}: it cannot send.",
      fix: "Business Support Home → the account → request a review.",
    },
    ru: {
      title: "Meta отклонила аккаунт",
      why: "Его состояние: {review}, отправка невозможна.",
      fix: "Business Support Home → аккаунт → запросите пересмотр.",
    },
  },
  number_ok: {
    en: { title: "the number {phoneNumber} belongs to the account" },
    ru: { title: "номер {phoneNumber} принадлежит аккаунту" },
  },
  number_not_found: {
    en: {
      title: "Phone number not found in this WABA",
      why: "WABA {wabaId} holds {count}: {numbers}; yours is {phoneNumberId}.",
      fix: "Use one of those, or take the WABA ID from the page where you found {phoneNumberId}.",
    },
    ru: {
      title: "Номер не найден в этом WABA",
      why: "В WABA {wabaId} номеров: {count}: {numbers}; у вас {phoneNumberId}.",
      fix: "Возьмите один из них или WABA ID с той страницы, где нашли {phoneNumberId}.",
    },
  },
  waba_empty: {
    en: {
      title: "Phone number not found: the account has no numbers",
      why: "WABA {wabaId} is empty. It may be the test account, or a number was never added.",
      fix: "Add the number in WhatsApp Manager, or use the WABA ID of the account that has it.",
    },
    ru: {
      title: "Номер не найден: в аккаунте нет номеров",
      why: "WABA {wabaId} пуст. Возможно, это тестовый аккаунт, или номер не добавили.",
      fix: "Добавьте номер в WhatsApp Manager или укажите WABA ID аккаунта, где он есть.",
    },
  },
  ready_ok: {
    en: { title: "the number is registered: {shown}, quality {quality}" },
    ru: { title: "номер зарегистрирован: {shown}, качество {quality}" },
  },
  not_registered: {
    en: {
      title: "the number is not registered for the Cloud API",
      why: "Its state is {status}: Meta takes no message from it (errors 133010, 131045).",
      fix: "Register it with a PIN of six digits: on the page, or npm run doctor -- --fix",
    },
    ru: {
      title: "номер не зарегистрирован в Cloud API",
      why: "Его состояние: {status}. Meta не принимает от него сообщения (ошибки 133010, 131045).",
      fix: "Зарегистрируйте его с PIN из шести цифр: на странице или npm run doctor -- --fix",
    },
  },
  not_verified: {
    en: {
      title: "the number is not verified",
      why: "Meta has not seen yet that the number is yours.",
      fix: "Request a code by SMS or voice, enter it, then register the number.",
    },
    ru: {
      title: "номер не подтверждён",
      why: "Meta ещё не убедилась, что номер ваш.",
      fix: "Запросите код по SMS или голосом, введите его, затем зарегистрируйте номер.",
    },
  },
  number_banned: {
    en: {
      title: "Meta has barred the number",
      why: "Its state is {status}.",
      fix: "Business Support Home → the account → request a review.",
    },
    ru: {
      title: "Meta заблокировала номер",
      why: "Его состояние: {status}.",
      fix: "Business Support Home → аккаунт → запросите пересмотр.",
    },
  },
  name_not_approved: {
    en: {
      title: "the display name is not approved",
      why: "Its state is {name}. Meta may limit the number or refuse its messages (131037).",
      fix: "WhatsApp Manager → Phone numbers → correct the display name.",
    },
    ru: {
      title: "отображаемое имя не одобрено",
      why: "Его состояние: {name}. Meta может ограничить номер или отклонять сообщения (131037).",
      fix: "WhatsApp Manager → Phone numbers → исправьте отображаемое имя.",
    },
  },
  test_number: {
    en: {
      title: "this is Meta's test number",
      why: "It writes only to up to 5 listed recipients.",
      fix: "List your phone in API Setup, or add a real number.",
    },
    ru: {
      title: "это тестовый номер Meta",
      why: "Он пишет не более чем пяти получателям из списка.",
      fix: "Внесите свой телефон в список на странице API Setup или добавьте настоящий номер.",
    },
  },
  quality_low: {
    en: {
      title: "the number's quality is low",
      why: "Customers block or report it: quality {quality}, state {status}. Meta may lower its limit.",
      fix: "Stop mass sending, and write to people who expect it.",
    },
    ru: {
      title: "низкое качество номера",
      why: "Клиенты блокируют его или жалуются: качество {quality}, состояние {status}. Meta может снизить лимит.",
      fix: "Прекратите рассылки и пишите тем, кто этого ждёт.",
    },
  },
  phone_differs: {
    en: {
      title: "the number at Meta is {shown}",
      why: "The row names another phone for this phone number ID.",
      fix: "Correct the phone number here, or the phone number ID if you meant another number.",
    },
    ru: {
      title: "в Meta это номер {shown}",
      why: "В строке для этого phone number ID указан другой телефон.",
      fix: "Исправьте телефон здесь или phone number ID, если имели в виду другой номер.",
    },
  },
  health_ok: {
    en: { title: "Meta lets the number send" },
    ru: { title: "Meta разрешает номеру отправлять" },
  },
  health_limited: {
    en: {
      title: "Meta limits what the number may send",
      why: "{entity}: {meta} (error {metaCode})",
      fix: "Meta's advice: {solution}",
    },
    ru: {
      title: "Meta ограничивает отправку с номера",
      why: "{entity}: {meta} (ошибка {metaCode})",
      fix: "Совет Meta: {solution}",
    },
  },
  health_blocked: {
    en: {
      title: "Meta does not let the number send",
      why: "{entity}: {meta} (error {metaCode})",
      fix: "Meta's advice: {solution}",
    },
    ru: {
      title: "Meta не разрешает номеру отправлять",
      why: "{entity}: {meta} (ошибка {metaCode})",
      fix: "Совет Meta: {solution}",
    },
  },
} satisfies Record<string, BilingualText>;
