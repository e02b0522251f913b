import type { CheckTexts } from "./check-texts.ts";

export const russian: CheckTexts = {
  needs: { title: "пропущено, сначала {needs}" },
  run_outside: { title: "проверяется в браузере и командой doctor, не в Worker" },

  values_ok: { title: "значения выглядят верно" },
  value_missing: {
    title: "{field}: значение не указано",
    why: "Номеру нужны его phone number ID, ID аккаунта WhatsApp Business и токен.",
    fix: "Скопируйте его в Meta: приложение → WhatsApp → API Setup.",
  },
  value_padded: {
    title: "{field}: лишний пробел или кавычка по краям",
    why: "Символ скопировался вместе со значением, и Meta считает его частью значения.",
    fix: "Уберите пробел или кавычку до и после значения.",
  },
  id_is_phone: {
    title: "{field}: похоже на сам телефон",
    why: "Meta использует собственный ID, а не набираемые цифры.",
    fix: "Phone number ID — число из 15–17 цифр под телефоном на странице API Setup. Скопируйте его.",
  },
  id_malformed: {
    title: "{field}: это не ID из Meta",
    why: "ID номеров и аккаунтов состоят из 15–17 цифр; у вас {value}.",
    fix: "Скопируйте его ещё раз: приложение → WhatsApp → API Setup.",
  },
  ids_equal: {
    title: "phone number ID и WABA ID совпадают",
    why: "Это разные вещи, и равными они не бывают.",
    fix: "На странице API Setup оба стоят друг под другом. Скопируйте и второй.",
  },
  token_missing: {
    title: "нет токена доступа",
    why: "Его нет ни у номера, ни в секретах Worker. {reason}",
    fix: "Создайте в Meta токен системного пользователя и сохраните его или выполните: npx wrangler secret put WABA_ACCESS_TOKEN",
  },
  token_malformed: {
    title: "это не токен Meta",
    why: "Токены Graph API начинаются с EAA и не содержат пробелов.",
    fix: "Business settings → System users → Generate token. Скопируйте его целиком.",
  },
  token_unopened: {
    title: "сохранённый токен не открывается",
    why: "{reason}",
    fix: "Верните ключ в TOKEN_SEALING_KEY или сохраните токен заново.",
  },
  version_malformed: {
    title: "неверная версия Graph: {version}",
    why: "Версия выглядит так: v25.0.",
    fix: "Укажите в wabaApiVersion v25.0 или оставьте пустым.",
  },

  token_ok: { title: "токен действует: системный пользователь, бессрочно" },
  token_invalid: {
    title: "Недействительный токен доступа",
    why: "Meta больше не принимает токен: он истёк, отозван или скопирован не целиком. {meta}",
    fix: "Business settings → System users → Generate token, срок Never. Сохраните новый здесь.",
  },
  token_personal: {
    title: "токен принадлежит человеку, а не системному пользователю",
    why: "Его вид: {kind}. Он перестанет действовать, когда человек сменит пароль или уйдёт.",
    fix: "Создайте системного пользователя, назначьте ему приложение и аккаунт, создайте токен со сроком Never.",
  },
  token_expires: {
    title: "токен действует сегодня и закончится {expiresAt}",
    why: "Он создан со сроком, или это тестовый токен со страницы API Setup.",
    fix: "Создайте токен системного пользователя со сроком Never и сохраните его здесь до этого дня.",
  },
  meta_unreachable: {
    title: "Meta сейчас не отвечает",
    why: "{meta}",
    fix: "Подождите минуту и проверьте снова. См. metastatus.com и GRAPH_BASE_URL, если его меняли.",
  },

  permissions_ok: { title: "у токена есть оба разрешения" },
  permission_missing: {
    title: "у токена нет {missing}",
    why: "Нужны оба: whatsapp_business_management и whatsapp_business_messaging.",
    fix: "Назначьте WABA системному пользователю, затем создайте токен заново, отметив оба разрешения.",
  },
  waba_not_assigned: {
    title: "токен не для аккаунта {wabaId}",
    why: "В его разрешениях только другие аккаунты WhatsApp.",
    fix: "Назначьте WABA системному пользователю, затем создайте токен заново.",
  },
  permissions_unknown: {
    title: "Meta не показывает разрешения токена",
    why: "Иногда Meta не присылает список. Следующие проверки покажут, что токен может.",
    fix: "Ничего делать не нужно, пока они проходят.",
  },

  waba_ok: { title: "аккаунт виден: {name}" },
  waba_not_found: {
    title: "аккаунт {wabaId} указан неверно, или у токена нет к нему доступа",
    why: "На оба случая Meta отвечает одинаково. {meta}",
    fix: "Сравните WABA ID со страницей API Setup. Если он верен, назначьте аккаунт системному пользователю.",
  },
  ids_swapped: {
    title: "phone number ID и WABA ID перепутаны местами",
    why: "Каждый из них существует в Meta в роли другого.",
    fix: "Поменяйте их местами.",
  },
  waba_other_object: {
    title: "{wabaId} — это не аккаунт WhatsApp",
    why: "Этот ID принадлежит чему-то другому: обычно бизнес-портфолио или приложению.",
    fix: "Возьмите WhatsApp Business Account ID на странице API Setup, под phone number ID.",
  },
  waba_in_review: {
    title: "Meta ещё проверяет аккаунт",
    why: "Его состояние: {review}. До решения Meta ограничивает отправку.",
    fix: "Дождитесь решения Meta в Business Support Home.",
  },
  waba_refused: {
    title: "Meta отклонила аккаунт",
    why: "Его состояние: {review}, отправка невозможна.",
    fix: "Business Support Home → аккаунт → запросите пересмотр.",
  },

  number_ok: { title: "номер {phoneNumber} принадлежит аккаунту" },
  number_not_found: {
    title: "Номер не найден в этом WABA",
    why: "В WABA {wabaId} номеров: {count}: {numbers}; у вас {phoneNumberId}.",
    fix: "Возьмите один из них или WABA ID с той страницы, где нашли {phoneNumberId}.",
  },
  waba_empty: {
    title: "Номер не найден: в аккаунте нет номеров",
    why: "WABA {wabaId} пуст. Возможно, это тестовый аккаунт, или номер не добавили.",
    fix: "Добавьте номер в WhatsApp Manager или укажите WABA ID аккаунта, где он есть.",
  },

  ready_ok: { title: "номер зарегистрирован: {shown}, качество {quality}" },
  not_registered: {
    title: "номер не зарегистрирован в Cloud API",
    why: "Его состояние: {status}. Meta не принимает от него сообщения (ошибки 133010, 131045).",
    fix: "Зарегистрируйте его с PIN из шести цифр.",
  },
  not_verified: {
    title: "номер не подтверждён",
    why: "Meta ещё не убедилась, что номер ваш.",
    fix: "Запросите код по SMS или голосом, введите его, затем зарегистрируйте номер.",
  },
  number_banned: {
    title: "Meta заблокировала номер",
    why: "Его состояние: {status}.",
    fix: "Business Support Home → аккаунт → запросите пересмотр.",
  },
  name_not_approved: {
    title: "отображаемое имя не одобрено",
    why: "Его состояние: {name}. Meta может ограничить номер или отклонять сообщения (131037).",
    fix: "WhatsApp Manager → Phone numbers → исправьте отображаемое имя.",
  },
  test_number: {
    title: "это тестовый номер Meta",
    why: "Он пишет не более чем пяти получателям из списка.",
    fix: "Внесите свой телефон в список на странице API Setup или добавьте настоящий номер.",
  },
  quality_low: {
    title: "низкое качество номера",
    why: "Клиенты блокируют его или жалуются: качество {quality}, состояние {status}. Meta может снизить лимит.",
    fix: "Прекратите рассылки и пишите тем, кто этого ждёт.",
  },
  phone_differs: {
    title: "в Meta это номер {shown}",
    why: "В строке для этого phone number ID указан другой телефон.",
    fix: "Исправьте телефон здесь или phone number ID, если имели в виду другой номер.",
  },

  health_ok: { title: "Meta разрешает номеру отправлять" },
  health_limited: {
    title: "Meta ограничивает отправку с номера",
    why: "{entity}: {meta} (ошибка {metaCode})",
    fix: "Совет Meta: {solution}",
  },
  health_blocked: {
    title: "Meta не разрешает номеру отправлять",
    why: "{entity}: {meta} (ошибка {metaCode})",
    fix: "Совет Meta: {solution}",
  },

  secret_ok: { title: "секрет принадлежит приложению токена{which}" },
  secret_missing: {
    title: "нет секрета приложения",
    why: "Без META_APP_SECRET нельзя проверить подпись вебхуков Meta, и все они отклоняются.",
    fix: "App settings → Basic → App secret, затем: npx wrangler secret put META_APP_SECRET",
  },
  secret_other_app: {
    title: "Секрет принадлежит другому приложению",
    why: "Meta не принимает подпись, сделанную им. Вебхуки этого приложения отклонялись бы с кодом 401.",
    fix: "Откройте приложение токена: App settings → Basic, затем: npx wrangler secret put META_APP_SECRET",
  },

  address_ok: { title: "адрес доступен из интернета и отвечает" },
  address_not_https: {
    title: "адрес не https",
    why: "Meta обращается только к адресам https с действительным сертификатом; здесь {url}.",
    fix: "Укажите https-адрес Worker.",
  },
  address_private: {
    title: "Meta не может открыть этот адрес",
    why: "{url} существует только на этом компьютере или в этой сети.",
    fix: "Разверните Worker или откройте туннель и проверьте тот адрес.",
  },
  address_unreachable: {
    title: "по этому адресу никто не отвечает",
    why: "{url} не ответил: неверный хост, нет записи DNS, нет сертификата или Worker не запущен.",
    fix: "Откройте адрес в браузере. Исправьте его или выполните: npm run deploy",
  },

  handshake_ok: { title: "на проверочный запрос Meta даётся верный ответ" },
  handshake_refused: {
    title: "проверочный токен не принят",
    why: "Worker отвечает 403: это ни WABA_VERIFY_TOKEN, ни токен проверки этого номера.",
    fix: "Скопируйте показанный здесь токен проверки в Meta, без пробела в конце.",
  },
  handshake_body_differs: {
    title: "ответ для Meta отличается от challenge",
    why: "Ожидалось {expected} как text/plain, получено «{got}» как {contentType}.",
    fix: "Что-то перед Worker меняет ответы: отключите это для /api/waba/webhook.",
  },
  handshake_not_ours: {
    title: "вместо Worker отвечает что-то другое",
    why: "Ожидалось 200 и {expected}, получено {status} и «{got}». Обычные причины: страница входа или политика Access, фильтр ботов, другой Worker на этом маршруте.",
    fix: "Сделайте исключение для /api/waba/webhook или исправьте маршрут.",
  },
  handshake_takes_any_token: {
    title: "неверный проверочный токен принимается",
    why: "Адрес отвечает на него {status}: там отвечает другая программа.",
    fix: "Исправьте маршрут, чтобы на /api/waba/webhook отвечал этот Worker.",
  },

  webhook_ok: { title: "приложение шлёт события на этот адрес" },
  webhook_not_set: {
    title: "у приложения нет вебхука для WhatsApp",
    why: "Пока адрес не задан, Meta ничего не присылает.",
    fix: "Приложение → WhatsApp → Configuration → Edit: введите адрес и токен проверки, затем отметьте messages.",
  },
  webhook_inactive: {
    title: "вебхук приложения выключен",
    why: "Meta перестаёт обращаться к адресу, который долго не отвечал.",
    fix: "Приложение → WhatsApp → Configuration → Edit → Verify and save, ещё раз.",
  },
  webhook_other_address: {
    title: "приложение шлёт события на другой адрес",
    why: "Указан адрес {url}.",
    fix: "Приложение → WhatsApp → Configuration → Edit: введите показанный здесь адрес. Или откройте эту страницу по тому адресу.",
  },
  webhook_without_messages: {
    title: "приложение не присылает сообщения",
    why: "Нет подписки на поле messages: вебхуки приходят, но без сообщений.",
    fix: "Отметьте messages в WhatsApp → Configuration → Webhook fields.",
  },
  webhook_fields_missing: {
    title: "часть полезных событий не приходит",
    why: "Нет подписки на {missing}.",
    fix: "Отметьте их в WhatsApp → Configuration → Webhook fields.",
  },
  webhook_unreadable: {
    title: "настройки вебхука приложения не читаются",
    why: "Meta их не показала. {meta}",
    fix: "Сравните их вручную в WhatsApp → Configuration.",
  },

  subscription_ok: { title: "аккаунт шлёт события приложению" },
  app_not_subscribed: {
    title: "Адрес подтверждён, но этот WABA ничего не шлёт приложению",
    why: "Приложение не подписано на аккаунт. Подписаны: {apps}.",
    fix: "Подпишите это приложение.",
  },
  callback_overridden: {
    title: "сообщения уходят на другой адрес ({level})",
    why: "Адрес приложения заменён на {url}.",
    fix: "Уберите замену в Meta или укажите в ней показанный здесь адрес.",
  },

  inbound_ok: { title: "сообщения приходят; последнее {lastInboundAt}" },
  inbound_not_tried: { title: "сообщений ещё не было: напишите на номер с телефона" },
  inbound_waiting: { title: "ждём сообщение" },
  inbound_nothing: {
    title: "за {seconds} с не пришло ни одного сообщения",
    why: "Meta ничего не прислала на этот адрес. Неопубликованное приложение получает только тестовые события.",
    fix: "Посмотрите C11 и C12, опубликуйте приложение и напишите на номер ещё раз.",
  },
  inbound_refused: {
    title: "вебхук пришёл с неверной подписью",
    why: "Он подписан другим секретом, не META_APP_SECRET, и отклонён в {at}.",
    fix: "Посмотрите C08: возьмите секрет приложения, которое шлёт вебхук.",
  },
  inbound_other_number: {
    title: "сообщение пришло для другого номера",
    why: "Событие этого аккаунта в {at} было для номера, который здесь не подключён.",
    fix: "Напишите на нужный номер или сравните phone number ID со страницей API Setup.",
  },

  outbound_ok: { title: "тестовое сообщение ушло: {status}" },
  outbound_not_tried: { title: "тестовое сообщение не отправляли" },
  outbound_waiting: { title: "ждём статус тестового сообщения" },
  outbound_failed: {
    title: "тестовое сообщение не доставлено",
    why: "{meta}",
    fix: "Устраните причину и отправьте его ещё раз.",
  },
  outbound_no_status: {
    title: "Meta приняла сообщение, но статуса нет дольше 60 с",
    why: "Статусы приходят вебхуками: они не доходят до этого адреса.",
    fix: "Посмотрите C11 и C12.",
  },

  system_ok: { title: "наши собственные части в порядке" },
  database_unreachable: {
    title: "база данных не отвечает",
    why: "Postgres недоступен по DATABASE_URL, или миграции не выполнялись.",
    fix: "Исправьте адрес: npx wrangler secret put DATABASE_URL, затем: npm run migrate",
  },
  migrations_missing: {
    title: "не хватает миграций: {applied} из {wanted}",
    why: "База данных старше этой версии.",
    fix: "npm run migrate",
  },
  functions_outdated: {
    title: "функции SQL от другой версии",
    why: "Worker развёрнут без миграции базы данных.",
    fix: "npm run migrate",
  },
  objects_silent: {
    title: "Durable Objects не отвечают",
    why: "Через них сохраняются вебхуки.",
    fix: "Проверьте привязки Worker в wrangler.toml, затем: npm run deploy",
  },
  secrets_missing: {
    title: "не заданы: {names}",
    why: "Без них Worker не работает.",
    fix: "npx wrangler secret put NAME — для каждого из них",
  },
  secrets_short: {
    title: "слишком короткие: {names}",
    why: "Короткие секреты можно подобрать.",
    fix: "openssl rand -base64 32, затем: npx wrangler secret put NAME",
  },
  secrets_example: {
    title: "значение из документации: {names}",
    why: "Его знают все.",
    fix: "Придумайте собственное значение, затем: npx wrangler secret put NAME",
  },
  sealing_key_missing: {
    title: "токены доступа хранятся незапечатанными",
    why: "TOKEN_SEALING_KEY не задан: кто читает базу, читает и токены.",
    fix: "openssl rand -base64 32, затем: npx wrangler secret put TOKEN_SEALING_KEY",
  },
  clock_differs: {
    title: "наши часы и часы Meta расходятся на {seconds} с",
    why: "По часам считаются окна и токены.",
    fix: "Настройте часы этой машины.",
  },
  version_ended: {
    title: "версия Graph {version} закончилась",
    why: "Это случилось {endsAt}. Вызовы не проходят или ведут себя как более новая версия.",
    fix: "Укажите в wabaApiVersion v25.0.",
  },
  version_ends_soon: {
    title: "версия Graph {version} закончится {endsAt}",
    why: "После этого дня вызовы не проходят или ведут себя как более новая версия.",
    fix: "Укажите в wabaApiVersion v25.0.",
  },
  version_unknown: {
    title: "версия Graph {version} этой программе неизвестна",
    why: "С ней программу не испытывали.",
    fix: "Укажите в wabaApiVersion v25.0, если не уверены.",
  },
  region_far: {
    title: "база данных далеко: {ms} мс",
    why: "Каждый шаг сообщения ждёт этой поездки.",
    fix: "Разместите Worker рядом с базой: [placement] в wrangler.toml, или перенесите базу.",
  },
};
