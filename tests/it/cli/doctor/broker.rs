use lapin::options::QueueDeclareOptions;
use lapin::types::FieldTable;

use super::{Examined, strong};
use crate::support::Backend;
use crate::support::process::{Installation, until};
use crate::support::rabbit::{self, Namespace};

async fn with(broker: &Namespace) -> Installation {
    strong(broker.carries_for(Installation::migrated(Backend::Sqlite).await))
}

#[test]
fn a_queue_with_other_arguments_and_a_broker_that_is_away() {
    rabbit::run(async |broker| {
        let admin = broker.admin().await;
        let durable = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
        admin.channel.queue_declare(broker.inbox().into(), durable, FieldTable::default()).await.unwrap();
        let installation = with(&broker).await;
        Examined::of(&installation, 1).finds("broker", "fail", "inequivalent", "delete the queue");
        admin.delete_queue(&broker.inbox()).await;
        let examined = Examined::of(&installation, 0);
        examined.has("broker", "ok", "not declared yet", "");
        let away = installation.set("SVC_QUEUE__URL", "amqp://guest:T7kXw0ZbQe@127.0.0.1:1");
        Examined::of(&away, 1).finds("broker", "fail", "", "start the broker");
    });
}

#[test]
fn a_user_without_permissions() {
    rabbit::run_alone(async |broker| {
        let installation = with(&broker).await;
        assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
        assert!(broker.forbid());
        Examined::of(&installation, 1).finds("broker", "fail", "access", "rabbitmqctl set_permissions");
        assert!(broker.permit());
        let mut serving = installation.serve_with(&["--with-worker"]);
        serving.logged("publisher connected to the broker");
        assert!(broker.only_reads());
        Examined::of(&installation, 1).finds("broker", "fail", "access", "rabbitmqctl set_permissions");
    });
}

#[test]
fn dead_letters_of_the_broker() {
    rabbit::run(async |broker| {
        let installation = with(&broker).await;
        let mut serving = installation.serve_with(&["--with-worker"]);
        serving.logged("publisher connected to the broker");
        let admin = broker.admin().await;
        let queue = broker.dead_letters();
        Examined::of(&installation, 0).has(
            "broker_dead_letters",
            "ok",
            &format!("0 dead letters in {queue}"),
            "",
        );
        for count in 1..=2 {
            admin.publish(&queue, "", "poison").await;
            until(async || admin.depth(&queue).await == count).await;
        }
        let measured = format!("2 dead letters in {queue}");
        Examined::of(&installation, 0).finds("broker_dead_letters", "warn", &measured, "svc event discard");
        assert_eq!(admin.depth(&queue).await, 2, "the doctor leaves them there");
        // What it tells the operator to do.
        installation.run(&["event", "discard", "--yes"]).expect(0);
        assert_eq!(Examined::of(&installation, 0).bad(), [] as [String; 0]);
        serving.terminate();
        serving.ended().expect(0);
    });
}
