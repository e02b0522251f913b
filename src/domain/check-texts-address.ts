import type { BilingualText } from "./check-text.ts";

/** What the checks of the address that Meta calls say. The page runs these checks itself. */
export const addressTexts = {
  address_ok: {
    en: { title: "the address answers" },
    ru: { title: "по адресу есть ответ" },
  },
  address_not_https: {
    en: {
      title: "the address is not https",
      why: "Meta calls https addresses with a valid certificate only; this one is {url}.",
      fix: "Use the https address of the Worker.",
    },
    ru: {
      title: "адрес не https",
      why: "Meta обращается только к адресам https с действительным сертификатом; здесь {url}.",
      fix: "Укажите https-адрес Worker.",
    },
  },
  address_private: {
    en: {
      title: "Meta cannot reach this address",
      why: "{url} exists on this computer or in this network only.",
      fix: "Deploy the Worker, or open a tunnel, and check that address.",
    },
    ru: {
      title: "Meta не может открыть этот адрес",
      why: "{url} существует только на этом компьютере или в этой сети.",
      fix: "Разверните Worker или откройте туннель и проверьте тот адрес.",
    },
  },
  address_unreachable: {
    en: {
      title: "nothing answers at this address",
      why: "{url} gave no answer: wrong host, no DNS entry, no certificate, or the Worker is not running.",
      fix: "Open the address in a browser. Correct it, or start the Worker: npm run deploy (npm run dev on this computer)",
    },
    ru: {
      title: "по этому адресу никто не отвечает",
      why: "{url} не ответил: неверный хост, нет записи DNS, нет сертификата или Worker не запущен.",
      fix: "Откройте адрес в браузере. Исправьте его или запустите Worker: npm run deploy (на этом компьютере npm run dev)",
    },
  },
  handshake_ok: {
    en: { title: "Meta's verification request is answered as it should be" },
    ru: { title: "на проверочный запрос Meta даётся верный ответ" },
  },
  handshake_refused: {
    en: {
      title: "the verify token is refused",
      why: "The Worker answers 403: the token is neither WABA_VERIFY_TOKEN nor this number's verify token.",
      fix: "Copy the verify token shown here to Meta, without a space at its end.",
    },
    ru: {
      title: "проверочный токен не принят",
      why: "Worker отвечает 403: это ни WABA_VERIFY_TOKEN, ни токен проверки этого номера.",
      fix: "Скопируйте показанный здесь токен проверки в Meta, без пробела в конце.",
    },
  },
  handshake_body_differs: {
    en: {
      title: "the answer to Meta is not exactly the challenge",
      why: "Expected {expected} as text/plain, got “{got}” as {contentType}.",
      fix: "Something in front of the Worker rewrites answers: switch that off for /api/waba/webhook.",
    },
    ru: {
      title: "ответ для Meta отличается от challenge",
      why: "Ожидалось {expected} как text/plain, получено «{got}» как {contentType}.",
      fix: "Что-то перед Worker меняет ответы: отключите это для /api/waba/webhook.",
    },
  },
  handshake_not_ours: {
    en: {
      title: "something else answers in the Worker's place",
      why: "Expected 200 and {expected}, got {status} and “{got}”. Usual causes: a login page or Access policy, a bot filter, another Worker on the route.",
      fix: "Exempt /api/waba/webhook from it, or correct the route.",
    },
    ru: {
      title: "вместо Worker отвечает что-то другое",
      why: "Ожидалось 200 и {expected}, получено {status} и «{got}». Обычные причины: страница входа или политика Access, фильтр ботов, другой Worker на этом маршруте.",
      fix: "Сделайте исключение для /api/waba/webhook или исправьте маршрут.",
    },
  },
  handshake_takes_any_token: {
    en: {
      title: "a wrong verify token is accepted",
      why: "The address answers {status} to it: another program answers there.",
      fix: "Correct the route, so that this Worker answers at /api/waba/webhook.",
    },
    ru: {
      title: "неверный проверочный токен принимается",
      why: "Адрес отвечает на него {status}: там отвечает другая программа.",
      fix: "Исправьте маршрут, чтобы на /api/waba/webhook отвечал этот Worker.",
    },
  },
  handshake_limited: {
    en: {
      title: "too many verify tokens were tried from here",
      why: "The Worker looks up at most 100 a minute for one client, right or wrong. Meta is another client.",
      fix: "Wait a minute and check again.",
    },
    ru: {
      title: "отсюда пробовали слишком много проверочных токенов",
      why: "Worker сверяет не больше 100 в минуту для одного клиента, верных и неверных. Meta — другой клиент.",
      fix: "Подождите минуту и проверьте снова.",
    },
  },
  handshake_token_unknown: {
    en: { title: "something of ours refuses a wrong token; set WABA_VERIFY_TOKEN to try the right one" },
    ru: { title: "неверный токен отклоняется; чтобы проверить верный, задайте WABA_VERIFY_TOKEN" },
  },
} satisfies Record<string, BilingualText>;
