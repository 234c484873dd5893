"""The scenarios, in the order of the table."""

from scenarios import database, patroni, pooler, proxies, rabbit, sentinel

SCENARIOS = {scenario.name: scenario for module in (pooler, patroni, database, sentinel, rabbit, proxies)
             for scenario in module.SCENARIOS}
