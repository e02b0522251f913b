CREATE TABLE "InboundCursor" (
	"id" integer PRIMARY KEY DEFAULT 1 NOT NULL,
	"messageId" integer DEFAULT 0 NOT NULL,
	CONSTRAINT "InboundCursor_one_row_check" CHECK ("InboundCursor"."id" = 1)
);
--> statement-breakpoint
CREATE TABLE "InboundHour" (
	"organizationPhoneId" integer NOT NULL,
	"hour" timestamp (3) with time zone NOT NULL,
	"slots" integer NOT NULL,
	"lastAt" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "InboundHour_organizationPhoneId_hour_pk" PRIMARY KEY("organizationPhoneId","hour")
);
--> statement-breakpoint
CREATE TABLE "RefusedWebhook" (
	"phoneNumberId" text PRIMARY KEY NOT NULL,
	"count" integer DEFAULT 1 NOT NULL,
	"firstAt" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lastAt" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "AlarmDelivery" (
	"noticeId" integer NOT NULL,
	"event" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"nextAttemptAt" timestamp (3) with time zone,
	"deliveredAt" timestamp (3) with time zone,
	CONSTRAINT "AlarmDelivery_noticeId_event_pk" PRIMARY KEY("noticeId","event")
);
--> statement-breakpoint
ALTER TABLE "Notice" ADD COLUMN "alarm" text;--> statement-breakpoint
ALTER TABLE "Notice" ADD COLUMN "clearedAt" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "InboundHour" ADD CONSTRAINT "InboundHour_organizationPhoneId_OrganizationPhone_id_fk" FOREIGN KEY ("organizationPhoneId") REFERENCES "public"."OrganizationPhone"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "AlarmDelivery" ADD CONSTRAINT "AlarmDelivery_noticeId_Notice_id_fk" FOREIGN KEY ("noticeId") REFERENCES "public"."Notice"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "AlarmDelivery_nextAttemptAt_idx" ON "AlarmDelivery" USING btree ("nextAttemptAt") WHERE "nextAttemptAt" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "Notice_organizationId_alarm_open_key" ON "Notice" USING btree ("organizationId","alarm") WHERE alarm is not null and "clearedAt" is null;--> statement-breakpoint
CREATE INDEX "Template_stopped_idx" ON "Template" USING btree ("organizationId") WHERE status in ('PAUSED', 'DISABLED');