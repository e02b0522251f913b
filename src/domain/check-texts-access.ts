import type { BilingualText } from "./check-text.ts";

/** What the checks of the values, the token and its permissions say. */
export const accessTexts = {
  needs: {
    en: { title: "skipped, needs {needs}" },
    ru: { title: "пропущено, сначала {needs}" },
  },
  run_outside: {
    en: { title: "runs in the browser and in the doctor, not in the Worker" },
    ru: { title: "проверяется в браузере и командой doctor, не в Worker" },
  },
  values_ok: {
    en: { title: "the values look right" },
    ru: { title: "значения выглядят верно" },
  },
  number_disconnected: {
    en: {
      title: "the number is disconnected here",
      why: "Somebody has disconnected it: its messages are refused, and what comes in is still stored.",
      fix: "Save its access token again: that connects it. By SQL also set connectionType to waba.",
    },
    ru: {
      title: "номер здесь отключён",
      why: "Его кто-то отключил: отправка с него запрещена, а входящие по-прежнему сохраняются.",
      fix: "Сохраните его токен доступа заново: это подключит номер. Через SQL задайте ещё connectionType = waba.",
    },
  },
  value_missing: {
    en: {
      title: "{field} is missing",
      why: "A number needs its phone number ID, its WhatsApp Business Account ID and a token.",
      fix: "Copy it from Meta: App → WhatsApp → API Setup.",
    },
    ru: {
      title: "{field}: значение не указано",
      why: "Номеру нужны его phone number ID, ID аккаунта WhatsApp Business и токен.",
      fix: "Скопируйте его в Meta: приложение → WhatsApp → API Setup.",
    },
  },
  value_padded: {
    en: {
      title: "{field} has a space or a quote around it",
      why: "It came along when the value was copied. Meta takes it for a part of the value.",
      fix: "Remove the space or the quote before and after the value.",
    },
    ru: {
      title: "{field}: лишний пробел или кавычка по краям",
      why: "Символ скопировался вместе со значением, и Meta считает его частью значения.",
      fix: "Уберите пробел или кавычку до и после значения.",
    },
  },
  id_is_phone: {
    en: {
      title: "{field} looks like the phone itself",
      why: "Meta's calls use an ID of its own, not the digits that people dial.",
      fix: "The phone number ID is the 15–17 digit number below the phone in API Setup. Copy that one.",
    },
    ru: {
      title: "{field}: похоже на сам телефон",
      why: "Meta использует собственный ID, а не набираемые цифры.",
      fix: "Phone number ID — число из 15–17 цифр под телефоном на странице API Setup. Скопируйте его.",
    },
  },
  id_malformed: {
    en: {
      title: "{field} is no ID of Meta's",
      why: "IDs of numbers and accounts have 15 to 17 digits and nothing else; yours is {value}.",
      fix: "Copy it again from Meta: App → WhatsApp → API Setup.",
    },
    ru: {
      title: "{field}: это не ID из Meta",
      why: "ID номеров и аккаунтов состоят из 15–17 цифр; у вас {value}.",
      fix: "Скопируйте его ещё раз: приложение → WhatsApp → API Setup.",
    },
  },
  ids_equal: {
    en: {
      title: "the phone number ID and the WABA ID are the same",
      why: "They are two different things, and never equal.",
      fix: "API Setup shows both, one below the other. Copy the other one too.",
    },
    ru: {
      title: "phone number ID и WABA ID совпадают",
      why: "Это разные вещи, и равными они не бывают.",
      fix: "На странице API Setup оба стоят друг под другом. Скопируйте и второй.",
    },
  },
  token_missing: {
    en: {
      title: "there is no access token",
      why: "Neither the number nor the Worker's secrets have one. {reason}",
      fix: "Generate a token of a system user at Meta and save it, or run: npx wrangler secret put WABA_ACCESS_TOKEN",
    },
    ru: {
      title: "нет токена доступа",
      why: "Его нет ни у номера, ни в секретах Worker. {reason}",
      fix: "Создайте в Meta токен системного пользователя и сохраните его или выполните: npx wrangler secret put WABA_ACCESS_TOKEN",
    },
  },
  token_malformed: {
    en: {
      title: "this is no access token of Meta's",
      why: "Tokens of the Graph API begin with EAA and have no spaces.",
      fix: "Business settings → System users → Generate token. Copy all of it.",
    },
    ru: {
      title: "это не токен Meta",
      why: "Токены Graph API начинаются с EAA и не содержат пробелов.",
      fix: "Business settings → System users → Generate token. Скопируйте его целиком.",
    },
  },
  token_unopened: {
    en: {
      title: "the stored token cannot be opened",
      why: "It was sealed with another key or for another row, or is damaged: {reason}",
      fix: "Restore the key in TOKEN_SEALING_KEY, or save the token again.",
    },
    ru: {
      title: "сохранённый токен не открывается",
      why: "Он запечатан другим ключом или для другой строки, или повреждён: {reason}",
      fix: "Верните ключ в TOKEN_SEALING_KEY или сохраните токен заново.",
    },
  },
  version_malformed: {
    en: {
      title: "the Graph version is malformed: {version}",
      why: "A version looks like v25.0.",
      fix: "Set wabaApiVersion to v25.0, or leave it empty for the default.",
    },
    ru: {
      title: "неверная версия Graph: {version}",
      why: "Версия выглядит так: v25.0.",
      fix: "Укажите в wabaApiVersion v25.0 или оставьте пустым.",
    },
  },
  token_ok: {
    en: { title: "token is alive: system user, never expires" },
    ru: { title: "токен действует: системный пользователь, бессрочно" },
  },
  token_invalid: {
    en: {
      title: "Invalid access token",
      why: "Meta no longer accepts the token: it expired, was revoked, or was not copied whole. {meta}",
      fix: "Business settings → System users → Generate token, expiry Never. Save the new one here.",
    },
    ru: {
      title: "Недействительный токен доступа",
      why: "Meta больше не принимает токен: он истёк, отозван или скопирован не целиком. {meta}",
      fix: "Business settings → System users → Generate token, срок Never. Сохраните новый здесь.",
    },
  },
  token_personal: {
    en: {
      title: "the token belongs to a person, not to a system user",
      why: "Its kind is {kind}. It stops when that person changes the password or leaves.",
      fix: "Create a system user, assign it the app and the account, generate its token with expiry Never.",
    },
    ru: {
      title: "токен принадлежит человеку, а не системному пользователю",
      why: "Его вид: {kind}. Он перестанет действовать, когда человек сменит пароль или уйдёт.",
      fix: "Создайте системного пользователя, назначьте ему приложение и аккаунт, создайте токен со сроком Never.",
    },
  },
  token_expires: {
    en: {
      title: "the token works today and stops on {expiresAt}",
      why: "It was generated with an expiry, or is a test token of API Setup.",
      fix: "Generate a token of a system user with expiry Never, and save it here before that day.",
    },
    ru: {
      title: "токен действует сегодня и закончится {expiresAt}",
      why: "Он создан со сроком, или это тестовый токен со страницы API Setup.",
      fix: "Создайте токен системного пользователя со сроком Never и сохраните его здесь до этого дня.",
    },
  },
  meta_unreachable: {
    en: {
      title: "Meta cannot be asked right now",
      why: "Meta does not answer, or limits our calls: {meta}",
      fix: "Wait a minute and check again. See metastatus.com, and GRAPH_BASE_URL if it was changed.",
    },
    ru: {
      title: "Meta сейчас не отвечает",
      why: "Meta не отвечает или ограничивает наши запросы: {meta}",
      fix: "Подождите минуту и проверьте снова. См. metastatus.com и GRAPH_BASE_URL, если его меняли.",
    },
  },
  permissions_ok: {
    en: { title: "the token has both permissions" },
    ru: { title: "у токена есть оба разрешения" },
  },
  permission_missing: {
    en: {
      title: "the token lacks {missing}",
      why: "Both whatsapp_business_management and whatsapp_business_messaging are needed.",
      fix: "Assign the WABA to the system user, then generate the token again and tick both permissions.",
    },
    ru: {
      title: "у токена нет {missing}",
      why: "Нужны оба: whatsapp_business_management и whatsapp_business_messaging.",
      fix: "Назначьте WABA системному пользователю, затем создайте токен заново, отметив оба разрешения.",
    },
  },
  waba_not_assigned: {
    en: {
      title: "the token is not for account {wabaId}",
      why: "Its permissions list other WhatsApp accounts only.",
      fix: "Assign the WABA to the system user, then generate the token again.",
    },
    ru: {
      title: "токен не для аккаунта {wabaId}",
      why: "В его разрешениях только другие аккаунты WhatsApp.",
      fix: "Назначьте WABA системному пользователю, затем создайте токен заново.",
    },
  },
  permissions_unknown: {
    en: {
      title: "Meta does not list the token's permissions",
      why: "Meta leaves the list out at times. The next checks show what the token can do.",
      fix: "Nothing to do while they pass.",
    },
    ru: {
      title: "Meta не показывает разрешения токена",
      why: "Иногда Meta не присылает список. Следующие проверки покажут, что токен может.",
      fix: "Ничего делать не нужно, пока они проходят.",
    },
  },
} satisfies Record<string, BilingualText>;
