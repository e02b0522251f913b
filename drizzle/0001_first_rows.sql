-- Room on each page for the new version of a chat's row, which every message writes.
alter table "Chat" set (fillfactor = 70);
--> statement-breakpoint
insert into "Organization" (name) values ('Organization 1');
--> statement-breakpoint
insert into "Epoch" (epoch) values (replace(gen_random_uuid()::text, '-', ''));
