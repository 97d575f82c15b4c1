"""The first tables of this room."""

from __future__ import annotations

import django.db.models.deletion
import django.utils.timezone
import quytrinh.tenancy.ids
from quytrinh.tenancy.migrations_support import AppendOnly, ProtectTenantTables
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("documents", "0001_initial"),
        ("tenancy", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Mailbox",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=64, unique=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Partner",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("name", models.CharField(max_length=300)),
                ("is_self", models.BooleanField(default=False)),
                ("plugin", models.CharField(default="local", max_length=64)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ExchangeMessage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "direction",
                    models.CharField(choices=[("in", "Đến"), ("out", "Đi")], max_length=3),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("new", "Văn bản mới"),
                            ("recall", "Thu hồi"),
                            ("update", "Cập nhật"),
                            ("replace", "Thay thế"),
                        ],
                        max_length=10,
                    ),
                ),
                ("plugin", models.CharField(max_length=64)),
                ("parcel_id", models.CharField(max_length=64)),
                ("identity", models.CharField(max_length=64)),
                ("content_sha", models.CharField(blank=True, max_length=64)),
                ("sender_code", models.CharField(max_length=300)),
                ("receiver_code", models.CharField(max_length=300)),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("known", "Đúng cơ quan gửi"),
                            ("unknown", "Cơ quan gửi chưa có trong danh bạ"),
                            ("mismatch", "Mã trong gói tin khác mã đã gửi lên trục"),
                        ],
                        default="known",
                        max_length=10,
                    ),
                ),
                ("document_id", models.TextField()),
                ("number", models.TextField(blank=True)),
                ("notation", models.TextField(blank=True)),
                ("subject", models.TextField(blank=True)),
                ("promulgated_on", models.DateField(null=True)),
                ("header", models.JSONField(default=dict)),
                ("warnings", models.JSONField(default=list)),
                ("case_id", models.UUIDField(null=True)),
                (
                    "overtaken_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("new", "Văn bản mới"),
                            ("recall", "Thu hồi"),
                            ("update", "Cập nhật"),
                            ("replace", "Thay thế"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "transport_state",
                    models.CharField(
                        choices=[
                            ("pending", "Chờ gửi"),
                            ("sent", "Đã gửi lên trục"),
                            ("delivered", "Đã đến nơi nhận"),
                            ("failed", "Không gửi được"),
                        ],
                        max_length=10,
                    ),
                ),
                ("transport_error", models.CharField(blank=True, max_length=300)),
                ("business_status", models.CharField(blank=True, max_length=2)),
                ("actor", models.UUIDField(null=True)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "concerns",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spoken_of_by",
                        to="exchange.exchangemessage",
                    ),
                ),
                (
                    "envelope",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="exchange.partner",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="AgencyCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "scheme",
                    models.CharField(
                        choices=[
                            ("qcvn102", "QCVN 102:2016"),
                            ("qd20", "QĐ 20/2020/QĐ-TTg"),
                            ("other", "Khác"),
                        ],
                        max_length=10,
                    ),
                ),
                ("value", models.CharField(max_length=64)),
                ("valid_from", models.DateField(null=True)),
                ("valid_to", models.DateField(null=True)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codes",
                        to="exchange.partner",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
            },
        ),
        migrations.CreateModel(
            name="ExchangeAttachment",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("name", models.TextField()),
                ("media_type", models.CharField(max_length=100)),
                ("description", models.TextField(blank=True)),
                ("fault", models.CharField(blank=True, max_length=300)),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="documents.storedfile",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="exchange.exchangemessage",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "message", "place"), name="exchange_attachment_place"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExchangeStatus",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("code", models.CharField(max_length=2)),
                ("description", models.TextField(blank=True)),
                ("staff", models.TextField(blank=True)),
                ("is_ours", models.BooleanField()),
                ("actor", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statuses",
                        to="exchange.exchangemessage",
                    ),
                ),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("tenant", "message", "code"), name="exchange_status_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ExcludedMark",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=quytrinh.tenancy.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("mark", models.CharField(max_length=100)),
                ("article", models.CharField(max_length=300)),
                (
                    "tenant",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="tenancy.tenant",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "base_manager_name": "objects",
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "mark"), name="excluded_mark_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="partner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_self", True)), fields=("tenant",), name="partner_self_once"
            ),
        ),
        migrations.AddIndex(
            model_name="exchangemessage",
            index=models.Index(fields=["tenant", "case_id"], name="exchange_by_case"),
        ),
        migrations.AddIndex(
            model_name="exchangemessage",
            index=models.Index(fields=["tenant", "parcel_id"], name="exchange_by_parcel"),
        ),
        migrations.AddIndex(
            model_name="exchangemessage",
            index=models.Index(
                fields=["tenant", "partner", "created_at"], name="exchange_by_partner"
            ),
        ),
        migrations.AddConstraint(
            model_name="exchangemessage",
            constraint=models.UniqueConstraint(
                fields=("tenant", "direction", "identity"), name="exchange_message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="agencycode",
            constraint=models.UniqueConstraint(fields=("tenant", "value"), name="agency_code_once"),
        ),
        AppendOnly("ExchangeStatus"),
        ProtectTenantTables(),
    ]
