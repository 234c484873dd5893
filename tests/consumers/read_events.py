"""Reads the events of svc from RabbitMQ, and fails if one is not as documented in docs/events.md."""

import argparse
import asyncio
import json
import uuid

import aio_pika
from cloudevents.core.bindings.rabbitmq import RabbitMQMessage, from_rabbitmq_event


def check_headers(message, event) -> None:
    """Every attribute is a header too, and the trace is where tracing libraries look for it."""
    attributes = json.loads(message.body)
    del attributes["data"], attributes["datacontenttype"]
    headers = dict(message.headers)
    for name in ["traceparent", "tracestate"]:
        assert headers.pop(name, None) == attributes.get(name), message.headers
    assert headers == {"cloudEvents:" + name: value for name, value in attributes.items()}, headers
    assert message.correlation_id == event.get_extension("correlationid")


async def read(url: str, exchange: str, key: str, count: int) -> None:
    seen = set()
    connection = await aio_pika.connect_robust(url)
    async with connection:
        channel = await connection.channel()
        # Durable, as svc declares it; declaring it again changes nothing.
        events = await channel.declare_exchange(exchange, aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(events, key)
        print("reading", flush=True)
        async with queue.iterator() as messages:
            async for message in messages:
                async with message.process():
                    event = from_rabbitmq_event(RabbitMQMessage({}, message.content_type, message.body))
                    assert event.get_specversion() == "1.0"
                    assert event.get_datacontenttype() == "application/json"
                    assert message.message_id == event.get_id() == str(uuid.UUID(event.get_id()))
                    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
                    assert event.get_type().startswith("svc." + message.routing_key + ".v")
                    assert isinstance(event.get_data(), dict)
                    assert event.get_time() is not None
                    uuid.UUID(event.get_subject())
                    check_headers(message, event)
                    seen.add(event.get_id())
                    print(event.get_type(), event.get_id(), event.get_subject(), event.get_data(), flush=True)
                if len(seen) >= count:
                    return


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("url")
    arguments.add_argument("--exchange", default="svc.events")
    arguments.add_argument("--key", default="#")
    arguments.add_argument("--count", type=int, default=1)
    given = arguments.parse_args()
    asyncio.run(read(given.url, given.exchange, given.key, given.count))
