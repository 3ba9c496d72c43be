"""`flask topics`: what may be followed, and by how many it is."""

import json

import click

from ops.commands.light_sql import select
from ops.commands.opening import read_settings

TOPICS_SQL = """
SELECT t.slug, t.name, (
  SELECT COUNT(*) FROM follows f JOIN followers p ON p.openid = f.openid
  WHERE f.topic = t.slug AND p.following = :yes
) FROM topics t WHERE t.active = :yes ORDER BY t.position, t.slug
"""


@click.command("topics")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def command(as_json: bool) -> None:
    """订阅主题和关注人数 · topics and how many follow them."""
    rows = select(read_settings().database_url, TOPICS_SQL, {"yes": True})
    if as_json:
        listed = [{"slug": slug, "name": name, "followers": count} for slug, name, count in rows]
        click.echo(json.dumps(listed, ensure_ascii=False))
        return
    for slug, name, count in rows:
        click.echo(f"{slug:<16}{count:>8}  {name}")
