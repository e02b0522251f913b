import { anInteractive, aTemplate, payment, picture } from "./samples.ts";

// Messages that hold as much of a thing as is asked for.

export type Make = (count: number) => unknown;

export const long = (length: number) => "x".repeat(length);
export const list = (length: number, make: (index: number) => unknown) =>
  Array.from({ length }, (_, index) => make(index));
export const withAction = (kind: string, action: object) => anInteractive(kind, { action });
export const button = (...buttons: unknown[]) => withAction("button", { buttons });
export const sections = (all: unknown) => withAction("list", { button: "a", sections: all });
export const rows = (...all: unknown[]) => sections([{ rows: all }]);
export const products = (all: unknown) => withAction("product_list", { catalog_id: "1", sections: all });
export const items = (count: number) => list(count, (index) => ({ product_retailer_id: `p${index}` }));
export const flow = (more: object) =>
  withAction("flow", {
    name: "flow",
    parameters: { flow_message_version: "3", flow_id: "1", flow_cta: "a", ...more },
  });
export const call = (parameters: object) => withAction("voice_call", { name: "voice_call", parameters });
export const cards = (...all: unknown[]) => withAction("carousel", { cards: all });
export const quickCard = (index: number, buttons: unknown[]) => ({
  card_index: index,
  header: picture,
  action: { buttons },
});
export const quick = (id: string, title = "a") => ({ type: "quick_reply", quick_reply: { id, title } });
export const order = (more: object) =>
  withAction("order_details", { name: "review_and_pay", parameters: { ...payment, ...more } });
export const templateButton = (sub_type: string, value: object, index: unknown = 0) =>
  aTemplate([{ type: "button", sub_type, index, parameters: [value] }]);
export const payload = (index: number) => ({
  type: "button",
  sub_type: "quick_reply",
  index,
  parameters: [{ type: "payload", payload: "a" }],
});
export const deep = (levels: number) => list(levels, () => 0).reduce<unknown>((inner) => [inner], 1);
