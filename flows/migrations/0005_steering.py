from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('flows', '0004_remote_steps'),
    ]

    operations = [
        migrations.AddField(
            model_name='run',
            name='paused_by',
            field=models.CharField(db_default='', default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='inbox',
            name='kind',
            field=models.CharField(choices=[('cancel', 'Cancel'), ('decision', 'Decision'), ('timer', 'Timer'), ('retry', 'Retry'), ('deadline', 'Deadline'), ('event', 'Event'), ('child', 'Child'), ('pause', 'Pause'), ('resume', 'Resume'), ('cancel_step', 'Cancel Step'), ('resolve', 'Resolve'), ('remote', 'Remote'), ('release', 'Release')], max_length=20),
        ),
        migrations.AlterField(
            model_name='step',
            name='port',
            field=models.CharField(max_length=2100, null=True),
        ),
    ]
