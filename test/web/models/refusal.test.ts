import { describe, it } from "vitest";
import { ApiError, NetworkError } from "../../../src/web/models/api.ts";
import { refusalText } from "../../../src/web/models/refusal.ts";

const refusal = (code: string, more: object = {}) =>
  new ApiError(400, { code, detail: `Detail of ${code}.`, ...more } as NonNullable<ApiError["problem"]>);

describe("why a request failed", () => {
  it.for([
    [new NetworkError("-"), "The server cannot be reached. Check your connection."],
    [refusal("forbidden"), "Detail of forbidden."],
    [refusal("internal", { requestId: "r-1" }), "Detail of internal. requestId: r-1"],
    [new ApiError(502, null), "The server answered with an error that this page does not know."],
    [new Error("a bug"), "Something went wrong"],
  ] as const)("is said in English: %s", ([error, expected], { expect }) => {
    expect(refusalText(error, "en")).toBe(expected);
  });

  it.for([
    [new NetworkError("-"), "Сервер недоступен. Проверьте подключение к сети."],
    [refusal("forbidden"), "У вас нет прав на это действие."],
    [refusal("internal", { requestId: "r-1" }), "Внутренняя ошибка. Она записана в лог. requestId: r-1"],
    [refusal("too_large"), "Это больше, чем принимает сервер."],
    [
      refusal("window_closed"),
      "Прошло больше 24 часов с последнего сообщения клиента. Отправьте шаблон или подождите, пока клиент напишет.",
    ],
    [
      refusal("meta_refused", { reason: "template_paused" }),
      "Шаблон приостановлен. Выберите другой шаблон; администратору стоит улучшить качество этого.",
    ],
    [refusal("from_a_newer_server"), "Detail of from_a_newer_server."],
    [new ApiError(502, null), "Сервер ответил ошибкой, которую эта страница не знает."],
  ] as const)("is said in Russian: %s", ([error, expected], { expect }) => {
    expect(refusalText(error, "ru")).toBe(expected);
  });
});
