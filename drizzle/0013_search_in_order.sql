ALTER TABLE "MessageSearch" ADD COLUMN "organizationId" integer;--> statement-breakpoint
UPDATE "MessageSearch" s SET "organizationId" = p."organizationId" FROM "Message" m JOIN "OrganizationPhone" p ON p.id = m."organizationPhoneId" WHERE m.id = s."messageId";--> statement-breakpoint
DELETE FROM "MessageSearch" WHERE "organizationId" IS NULL;--> statement-breakpoint
ALTER TABLE "MessageSearch" ALTER COLUMN "organizationId" SET NOT NULL;--> statement-breakpoint
CREATE INDEX "MessageSearch_organizationId_createdAt_messageId_idx" ON "MessageSearch" USING btree ("organizationId","createdAt","messageId");
