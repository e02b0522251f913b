import type { Page } from "playwright-core";
import { describe, it } from "vitest";
import { expectAccessible } from "../browser.ts";
import { expectQuiet } from "../page-system.ts";
import { bubbles, type InboxWorld, type Json, openChat, row, send } from "./world.ts";

const banners = (page: Page) => page.getByRole("region", { name: /^(Alarms|Тревоги)$/ });

export function alarmTests(world: InboxWorld): void {
  describe("alarms", () => {
    it("have one banner for a number whose token is dead, which a new token takes away (UI-42)", async ({
      expect,
    }) => {
      const [nina, tom] = [await world.customer("Nina Stumm"), await world.customer("Tom Stumm")];
      for (const customer of [nina, tom]) await world.say(customer, "Are you there?");
      const token = await world.system.tokenFor("paul", ["--role", "agent"]);
      const [admin, agent] = [await world.open(), await world.open("paul", "/inbox", { locale: "ru-RU" })];
      await agent.page.goto("about:blank");
      await agent.page.goto(`/inbox#token=${token}`);
      await world.control("PUT", "/faults", { expiredToken: {} });
      for (const customer of [nina, tom]) {
        await openChat(admin.page, customer);
        await send(admin.page, "I am");
        await bubbles(admin.page, "I am").getByText("Invalid access token").waitFor();
      }
      const here = banners(admin.page).getByRole("status");
      await here.filter({ hasText: "cannot send: Invalid access token" }).waitFor();
      expect(await here.count()).toBe(1);
      await here.getByRole("link", { name: "Open numbers" }).waitFor();
      await banners(agent.page).getByText("Недействительный токен доступа").waitFor();
      await banners(agent.page).getByText("Это исправит администратор.").waitFor();
      expect(await banners(agent.page).getByRole("link").count()).toBe(0);
      await expectAccessible(admin, expect);
      // Meta's times are whole seconds: one of the second in which he was answered would come before the answer.
      await world.say(tom, "Still waiting", { timestamp: Math.ceil(Date.now() / 1000) });
      await row(agent.page, tom, "Still waiting").waitFor();

      await world.control("DELETE", "/faults");
      // On a busy machine Meta may answer too late: then nothing is saved, and one tries again.
      const newToken = { wabaAccessToken: "EAAanew" };
      await expect.poll(async () => (await world.api("anna", "PATCH", "/phones/1", newToken)).id).toBe(1);
      for (const { page } of [admin, agent]) await banners(page).waitFor({ state: "detached" });

      // Meta restricts the number: the next check says so to all, and the one after takes it away.
      const openAlarms = async () => (await world.api("anna", "GET", "/notices?open=true")).data as Json[];
      const check = async () => {
        await world.api("anna", "POST", "/phones/1/check");
        return (await openAlarms()).length;
      };
      await world.control("PATCH", "/phones/987654321098765", { status: "RESTRICTED" });
      await expect.poll(check).toBe(1);
      await here.filter({ hasText: "cannot send: Meta has barred the number" }).waitFor();
      await banners(agent.page).getByText("не может отправлять: Meta заблокировала номер").waitFor();
      await world.control("PATCH", "/phones/987654321098765", { status: "CONNECTED" });
      await expect.poll(check).toBe(0);
      for (const { page } of [admin, agent]) await banners(page).waitFor({ state: "detached" });

      // It says by a webhook alone that it restricts the account, and that this is over.
      const restrict = async (restriction_type: string, alarms: number) => {
        const restriction_info = [{ restriction_type }];
        const ofAccount = { metadata: undefined, waba_info: { waba_id: "123456789012345" } };
        await world.hook("account_update", { event: "ACCOUNT_RESTRICTION", restriction_info, ...ofAccount });
        // Its report may not be there yet in the next minute.
        const inAMinute = async () => {
          await world.nextMinute();
          return (await openAlarms()).length;
        };
        await expect.poll(inAMinute).toBe(alarms);
      };
      await restrict("RESTRICTED_BIZ_INITIATED_MESSAGING", 1);
      await here
        .filter({ hasText: "can only answer within 24 hours: Meta has restricted it (messages" })
        .waitFor();
      // Its account's alarm is not listed beside the banner of the number.
      expect(await openAlarms()).toMatchObject([{ alarm: "account:123456789012345:restriction" }]);
      await admin.page.reload();
      await here.filter({ hasText: "can only answer within 24 hours" }).waitFor();
      expect(await banners(admin.page).getByText("1 alarm").count()).toBe(0);
      await banners(agent.page)
        .getByText("может только отвечать в течение 24 часов: действует ограничение Meta")
        .waitFor();
      // Meta's times are whole seconds.
      await world.sql(
        `update "Notice" set "happenedAt" = "happenedAt" - interval '1 minute' where kind = 'account'`,
      );
      await restrict("RESTRICTED_BIZ_INITIATED_MESSAGING_UNBAN", 0);
      for (const { page } of [admin, agent]) await banners(page).waitFor({ state: "detached" });
      for (const tab of [admin, agent]) expectQuiet(tab, expect);
    });

    it("say that the open chat's number is disconnected, and nothing of it anywhere else (UI-42)", async ({
      expect,
    }) => {
      const kurt = await world.customer("Kurt Getrennt");
      const wabaPhoneNumberId = "554433221100777";
      await world.control("PATCH", `/phones/${wabaPhoneNumberId}`, { wabaId: "123456789012345" });
      const [phone] = await world.sql(
        `insert into "OrganizationPhone" ("organizationId", name, "phoneNumber", "connectionType", "wabaPhoneNumberId", "wabaId",
           "wabaApiVersion", "wabaVerifyToken")
         select "organizationId", 'Old desk', '79001234777', "connectionType", $1, "wabaId", "wabaApiVersion", 'old'
         from "OrganizationPhone" where id = 1 returning id`,
        [wabaPhoneNumberId],
      );
      await world.control("POST", `/customers/${kurt.phone}/messages?phoneNumberId=${wabaPhoneNumberId}`, {
        type: "text",
        text: { body: "Anybody at the old desk?" },
      });
      const address = await world.addressOf(kurt);
      await world.api("anna", "DELETE", `/phones/${phone?.id}`);
      const admin = await world.open("anna", address);
      const { page } = admin;
      await bubbles(page, "Anybody at the old desk?").waitFor();
      await banners(page).getByText("Old desk cannot send: the number is disconnected").waitFor();
      await page.goto("/inbox");
      await row(page, kurt).waitFor();
      await banners(page).waitFor({ state: "detached" });
      expectQuiet(admin, expect);
    });

    it("of any other kind are shown to admins, in their language, and go when they are cleared (UI-42)", async ({
      expect,
    }) => {
      const admin = await world.open("anna", "/inbox", { locale: "ru-RU" });
      await world.sql(
        `select reconcile_alarms(json_build_array(json_build_object('organizationId', 1, 'organizationPhoneId', 1, 'alarm', 'phone:1:silence',
           'code', 'silence', 'kind', 'silence', 'severity', 'warning', 'title', 'Number "A": nothing has come in for 3 h; usually every 5 min.',
           'observedAt', now(), 'happenedAt', now(),
           'detail', json_build_object('silentMinutes', 180, 'usualGapMinutes', 5, 'fix', 'Write to it.',
             'subject', json_build_object('type', 'phoneNumber', 'phoneNumber', '79001234567')))))`,
      );
      await admin.page.reload();
      await banners(admin.page).getByText("1 тревога").click();
      await banners(admin.page)
        .getByText("Номер +79001234567: сообщений нет уже 3 ч; обычно они приходят раз в 5 мин.")
        .waitFor();
      await world.sql(`update "Notice" set "clearedAt" = now() where alarm = 'phone:1:silence'`);
      await admin.page.reload();
      await row(admin.page, { name: "" }).first().waitFor();
      await banners(admin.page).waitFor({ state: "detached" });
      expectQuiet(admin, expect);
    });
  });
}
