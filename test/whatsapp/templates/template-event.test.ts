import { describe, it } from "vitest";
import { parseTemplate } from "../../../src/whatsapp/templates/parse-template.ts";
import { templateEvent } from "../../../src/whatsapp/templates/template-event.ts";

const ids = {
  message_template_id: 1689556908129832,
  message_template_name: "order_ready",
  message_template_language: "en_US",
};
const status = (value: object) =>
  templateEvent({ field: "message_template_status_update", value: { ...ids, ...value } });

describe("a webhook about a template", () => {
  it.for([
    ["APPROVED", "APPROVED"],
    ["REINSTATED", "APPROVED"],
    ["UNLOCKED", "APPROVED"],
    ["UNARCHIVED", "APPROVED"],
    ["REJECTED", "REJECTED"],
    ["PENDING", "PENDING"],
    ["PAUSED", "PAUSED"],
    ["DISABLED", "DISABLED"],
    ["LOCKED", "LOCKED"],
    ["IN_APPEAL", "IN_APPEAL"],
    ["PENDING_DELETION", "PENDING_DELETION"],
    ["DELETED", "DELETED"],
    ["ARCHIVED", "ARCHIVED"],
    ["LIMIT_EXCEEDED", "LIMIT_EXCEEDED"],
    ["FLAGGED", undefined],
    ["TOMORROW", undefined],
    ["constructor", undefined],
  ])("is for %s the status %s", ([event, expected], { expect }) => {
    const read = status({ event, reason: "NONE", message_template_category: "UTILITY" });
    expect(read).toMatchObject({
      templateId: "1689556908129832",
      name: "order_ready",
      language: "en_US",
      event,
      category: "UTILITY",
      reason: null,
    });
    expect(read?.status).toBe(expected);
  });

  it("gives the reason in as many words as Meta has", ({ expect }) => {
    const rejection_info = { reason: "Two variables touch.", recommendation: "Put words between." };
    expect(status({ event: "REJECTED", reason: "INVALID_FORMAT", rejection_info })?.reason).toBe(
      "Two variables touch. Put words between.",
    );
    expect(status({ event: "REJECTED", reason: "PROMOTIONAL" })?.reason).toBe("PROMOTIONAL");
    const other_info = { title: "RATE_LIMITING_PAUSE", description: "Blocked too often" };
    expect(status({ event: "LOCKED", other_info })?.reason).toBe("Blocked too often");
  });

  it("is its quality, or its category now and later", ({ expect }) => {
    const quality = { ...ids, previous_quality_score: "GREEN", new_quality_score: "YELLOW" };
    expect(templateEvent({ field: "message_template_quality_update", value: quality })).toMatchObject({
      quality: "YELLOW",
    });
    const field = "template_category_update";
    const announced = {
      ...ids,
      new_category: "UTILITY",
      correct_category: "MARKETING",
      category_update_timestamp: 1790000000,
    };
    expect(templateEvent({ field, value: announced })).toMatchObject({
      category: "UTILITY",
      nextCategory: { category: "MARKETING", at: "2026-09-21T14:13:20.000Z" },
    });
    const done = templateEvent({
      field,
      value: { ...ids, previous_category: "UTILITY", new_category: "MARKETING" },
    });
    expect(done?.category).toBe("MARKETING");
    expect(done).not.toHaveProperty("nextCategory");
  });

  it("has its new texts, as Graph would list them", ({ expect }) => {
    const value = {
      ...ids,
      message_template_title: "Ready",
      message_template_element: "Order {{1}} is ready",
      message_template_footer: "The shop",
      message_template_buttons: [
        {
          message_template_button_type: "URL",
          message_template_button_text: "Track",
          message_template_button_url: "https://shop.example/{{1}}",
        },
        { message_template_button_type: "PHONE_NUMBER", message_template_button_phone_number: "+15550100" },
        5,
      ],
    };
    const event = templateEvent({ field: "message_template_components_update", value });
    expect(parseTemplate({ components: event?.components })).toMatchObject({
      header: { kind: "text", text: "Ready" },
      body: { text: "Order {{1}} is ready", variables: [{ name: "1" }] },
      footer: "The shop",
      buttons: [
        { kind: "url", text: "Track", variable: { name: "1" } },
        { kind: "phone_number", text: "", phone: "+15550100" },
      ],
    });
  });

  it.for<[string, string, unknown]>([
    ["of another field", "messages", { ...ids, event: "APPROVED" }],
    ["of a field that is called none", "none", ids],
    ["of no template", "message_template_status_update", { event: "APPROVED", message_template_name: "x" }],
    ["that is no object", "message_template_status_update", "x"],
  ])("is nothing %s", ([, field, value], { expect }) => {
    expect(templateEvent({ field, value })).toBeNull();
  });
});
