ALTER TABLE "AlarmDelivery" DROP CONSTRAINT "AlarmDelivery_noticeId_Notice_id_fk";
--> statement-breakpoint
ALTER TABLE "AlarmDelivery" ADD CONSTRAINT "AlarmDelivery_noticeId_Notice_id_fk" FOREIGN KEY ("noticeId") REFERENCES "public"."Notice"("id") ON DELETE cascade ON UPDATE no action;