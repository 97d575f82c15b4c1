"""Which message began a case."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0001_initial"),
        ("runtime", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="start_key",
            field=models.CharField(default="", max_length=200),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(
                condition=models.Q(("start_key", ""), _negated=True),
                fields=("tenant", "start_key"),
                name="one_case_a_message",
            ),
        ),
    ]
