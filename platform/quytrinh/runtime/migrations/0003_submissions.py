"""Drafts are submitted and returned; versions keep the agency's values of their settings."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models

from quytrinh.runtime.migrations_support import GuardVersions
from quytrinh.tenancy.migrations_support import ProtectTenantTables


class Migration(migrations.Migration):
    dependencies = [
        ("organization", "0001_initial"),
        ("runtime", "0002_start_key"),
    ]

    operations = [
        migrations.AddField(
            model_name="flowversion",
            name="edition",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="runtime.definition",
            ),
        ),
        migrations.AddField(
            model_name="flowversion",
            name="note",
            field=models.CharField(blank=True, default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="flowversion",
            name="returned_because",
            field=models.CharField(blank=True, default="", max_length=2000),
        ),
        migrations.AddField(
            model_name="flowversion",
            name="settings",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="flowversion",
            name="submitted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="flowversion",
            name="submitted_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.person",
            ),
        ),
        migrations.AlterField(
            model_name="flowversion",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Bản nháp"),
                    ("submitted", "Đã trình thủ trưởng"),
                    ("promulgated", "Đã ban hành"),
                    ("superseded", "Đã được thay thế"),
                ],
                default="draft",
                max_length=16,
            ),
        ),
        GuardVersions(),
        ProtectTenantTables(),
    ]
