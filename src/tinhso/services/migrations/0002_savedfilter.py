# Filters of the worklist that officials keep.

import django.db.models.deletion
import tinhso.foundation.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('services', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.UUIDField(default=tinhso.foundation.ids.new, editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=40)),
                ('wanted', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'name'), name='filter_name_once')],
            },
        ),
    ]
