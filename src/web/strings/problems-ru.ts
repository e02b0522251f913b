import type { ProblemCode } from "../../errors.ts";

/** Why our API refused. In English the server says it, with more detail; what only programs meet stays as it is. */
export const problemsRu: Partial<Record<ProblemCode, string>> = {
  invalid_request: "Проверьте значения: одно из них не подходит.",
  forbidden: "У вас нет прав на это действие.",
  not_found: "Этого больше нет. Обновите страницу.",
  number_taken: "Этот phone number ID уже подключён. Сначала отключите его там.",
  phone_disconnected: "Номер отключён: сначала подключите его снова.",
  stale_version: "Данные изменились, пока вы их смотрели. Обновите страницу.",
  checks_failed: "Ничего не сохранено: не прошла проверка.",
  meta_refused: "Meta не приняла запрос.",
  rate_limited: "Слишком много запросов. Подождите минуту и повторите.",
  internal: "Внутренняя ошибка. Она записана в лог.",
  unavailable: "Meta или база данных сейчас не отвечает. Повторите через минуту.",
};
