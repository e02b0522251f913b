CREATE TABLE "DisplayedNumber" (
	"phoneNumberId" text NOT NULL,
	"displayPhoneNumber" text NOT NULL,
	CONSTRAINT "DisplayedNumber_phoneNumberId_displayPhoneNumber_pk" PRIMARY KEY("phoneNumberId","displayPhoneNumber")
);
--> statement-breakpoint
ALTER TABLE "WebhookEvent" ADD COLUMN "severity" text;--> statement-breakpoint
CREATE INDEX "DisplayedNumber_displayPhoneNumber_idx" ON "DisplayedNumber" USING btree ("displayPhoneNumber");--> statement-breakpoint
CREATE INDEX "WebhookEvent_unassigned_idx" ON "WebhookEvent" USING btree ("receivedAt") WHERE severity = 'critical' and "appliedAt" is null and "organizationId" is null;