import django.db.models.deletion
import django.utils.timezone
import orchestrator_site.accounts.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_invites'),
        ('model_registry', '0002_version_queue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AliasMove',
            fields=[
                ('id', models.UUIDField(default=orchestrator_site.accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('alias', models.SlugField(max_length=64)),
                ('moved_by', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('id', models.UUIDField(default=orchestrator_site.accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.SlugField(max_length=64)),
                ('value', models.TextField()),
                ('created_by', models.CharField(max_length=64)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('set_by', models.CharField(max_length=64)),
                ('set_at', models.DateTimeField()),
                ('rotated_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Grant',
            fields=[
                ('id', models.UUIDField(default=orchestrator_site.accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('name', models.SlugField(max_length=64)),
                ('access', models.CharField(choices=[('call', 'call it'), ('copy', 'read and copy it')], max_length=8)),
                ('granted_by', models.CharField(max_length=64)),
                ('at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='ModelTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.SlugField(max_length=64)),
            ],
            options={
                'ordering': ('name',),
            },
        ),
        migrations.CreateModel(
            name='Price',
            fields=[
                ('id', models.UUIDField(default=orchestrator_site.accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('valid_from', models.DateTimeField()),
                ('input_usd_per_million', models.DecimalField(decimal_places=6, max_digits=16)),
                ('output_usd_per_million', models.DecimalField(decimal_places=6, max_digits=16)),
                ('usd_micros_per_call', models.PositiveBigIntegerField(default=0)),
                ('set_by', models.CharField(max_length=64)),
                ('set_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ('version', 'valid_from'),
            },
        ),
        migrations.CreateModel(
            name='StandingChange',
            fields=[
                ('id', models.UUIDField(default=orchestrator_site.accounts.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('old', models.CharField(blank=True, choices=[('draft', 'draft'), ('approved', 'approved'), ('suspended', 'suspended'), ('retired', 'retired')], max_length=16)),
                ('new', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('suspended', 'suspended'), ('retired', 'retired')], max_length=16)),
                ('changed_by', models.CharField(max_length=64)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ('version', '-at', '-id'),
            },
        ),
        migrations.CreateModel(
            name='VersionStanding',
            fields=[
                ('version', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='standing', serialize=False, to='model_registry.modelversion')),
                ('status', models.CharField(choices=[('draft', 'draft'), ('approved', 'approved'), ('suspended', 'suspended'), ('retired', 'retired')], max_length=16)),
                ('changed_by', models.CharField(max_length=64)),
                ('changed_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500)),
            ],
        ),
        migrations.AddField(
            model_name='model',
            name='accuracy',
            field=models.FloatField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='model',
            name='card',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='model',
            name='contract',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='model',
            name='data_class',
            field=models.CharField(blank=True, choices=[('public', 'public'), ('internal', 'internal'), ('confidential', 'confidential'), ('personal', 'personal'), ('special', 'special')], max_length=16),
        ),
        migrations.AddField(
            model_name='model',
            name='expected_wait_s',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='model',
            name='kind',
            field=models.CharField(choices=[('model', 'a model'), ('person', 'a person'), ('team', 'a team')], default='model', max_length=8),
        ),
        migrations.AddField(
            model_name='model',
            name='owner',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='model',
            name='provider',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='model',
            name='rate_usd_micros_per_minute',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='model',
            name='region',
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddField(
            model_name='model',
            name='retention',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='model',
            name='review_by',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='model',
            name='risk_class',
            field=models.CharField(blank=True, choices=[('minimal', 'minimal'), ('limited', 'limited'), ('high', 'high'), ('prohibited', 'prohibited')], max_length=16),
        ),
        migrations.AddField(
            model_name='model',
            name='risk_reason',
            field=models.CharField(blank=True, max_length=500),
        ),
        migrations.AddField(
            model_name='model',
            name='trains_on_data',
            field=models.CharField(choices=[('yes', 'yes'), ('no', 'no'), ('unknown', 'unknown')], default='unknown', max_length=8),
        ),
        migrations.AddField(
            model_name='model',
            name='who',
            field=models.CharField(blank=True, max_length=300),
        ),
        migrations.AddField(
            model_name='modelversion',
            name='call_digest',
            field=models.CharField(default='', max_length=64),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name='model',
            name='description',
            field=models.CharField(blank=True, max_length=2000),
        ),
        migrations.AlterField(
            model_name='modelversion',
            name='adapter',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddIndex(
            model_name='model',
            index=models.Index(fields=['workspace', 'capability'], name='model_capability'),
        ),
        migrations.AddIndex(
            model_name='model',
            index=models.Index(fields=['workspace', 'contract'], name='model_contract'),
        ),
        migrations.AddIndex(
            model_name='modelversion',
            index=models.Index(fields=['call_digest'], name='version_call'),
        ),
        migrations.AddConstraint(
            model_name='model',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'model'), ('who', '')), models.Q(models.Q(('kind', 'model'), _negated=True), models.Q(('who', ''), _negated=True)), _connector='OR'), name='model_person_says_who'),
        ),
        migrations.AddField(
            model_name='aliasmove',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='alias_moves', to='model_registry.model'),
        ),
        migrations.AddField(
            model_name='aliasmove',
            name='new',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='model_registry.modelversion'),
        ),
        migrations.AddField(
            model_name='aliasmove',
            name='old',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='model_registry.modelversion'),
        ),
        migrations.AddField(
            model_name='credential',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace'),
        ),
        migrations.AddField(
            model_name='grant',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='model_registry.model'),
        ),
        migrations.AddField(
            model_name='grant',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.workspace'),
        ),
        migrations.AddField(
            model_name='modeltag',
            name='model',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tags', to='model_registry.model'),
        ),
        migrations.AddField(
            model_name='price',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='prices', to='model_registry.modelversion'),
        ),
        migrations.AddField(
            model_name='standingchange',
            name='version',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_changes', to='model_registry.modelversion'),
        ),
        migrations.AddIndex(
            model_name='aliasmove',
            index=models.Index(fields=['model', 'alias', '-at'], name='alias_move_recent'),
        ),
        migrations.AddConstraint(
            model_name='credential',
            constraint=models.UniqueConstraint(fields=('workspace', 'name'), name='credential_unique_in_workspace'),
        ),
        migrations.AddConstraint(
            model_name='grant',
            constraint=models.UniqueConstraint(fields=('workspace', 'name'), name='grant_name_unique_in_workspace'),
        ),
        migrations.AddConstraint(
            model_name='modeltag',
            constraint=models.UniqueConstraint(fields=('model', 'name'), name='model_tag_unique_in_model'),
        ),
        migrations.AddConstraint(
            model_name='price',
            constraint=models.UniqueConstraint(fields=('version', 'valid_from'), name='price_unique_in_version'),
        ),
    ]
