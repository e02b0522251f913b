import type { ProblemCode } from "../../errors.ts";

type Texts = Partial<Record<ProblemCode, string>>;

/** Why our API refused. In English the server says it, with more detail; what only programs meet stays as it is. */
const texts: Texts = {
  invalid_request: "Проверьте значения: одно из них не подходит.",
  forbidden: "У вас нет прав на это действие.",
  not_found: "Этого больше нет. Обновите страницу.",
  marketing_stopped: "Клиент отказался от рекламных сообщений: такой шаблон ему нельзя отправить.",
  chat_moved_on: "Коллега уже ответил в этом чате.",
  message_not_open: "С этим сообщением так поступить уже нельзя. Обновите страницу.",
  media_pending: "Файл ещё загружается. Повторите немного позже.",
  media_not_open: "Этот файл нельзя получить снова.",
  media_gone: "Файла больше нет.",
  too_large: "Это больше, чем принимает сервер.",
  unsupported_media_type: "Файлы такого вида не принимаются.",
  number_taken: "Этот phone number ID уже подключён. Сначала отключите его там.",
  phone_disconnected: "Номер отключён: сначала подключите его снова.",
  stale_version: "Данные изменились, пока вы их смотрели. Обновите страницу.",
  checks_failed: "Ничего не сохранено: не прошла проверка.",
  meta_refused: "Meta не приняла запрос.",
  rate_limited: "Слишком много запросов. Подождите минуту и повторите.",
  internal: "Внутренняя ошибка. Она записана в лог.",
  unavailable: "Meta или база данных сейчас не отвечает. Повторите через минуту.",
};

export const problemsRu: Readonly<Record<string, string | undefined>> = texts;
