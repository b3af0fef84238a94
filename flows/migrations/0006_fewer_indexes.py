"""Drop two indexes of runs that others begin with.

Plain statements: SQLite would copy the table, and leave its triggers behind.
"""

import django.db.models.deletion
from django.db import migrations, models

DROPPED = {
    "flows_run_workspace_id_0d506396": "workspace_id",
    "flows_run_flow_id_862649ec": "flow_id",
}


class Migration(migrations.Migration):
    dependencies = [("flows", "0005_steering")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    f'DROP INDEX IF EXISTS "{name}"',
                    f'CREATE INDEX "{name}" ON flows_run ({column})',
                )
                for name, column in DROPPED.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="run",
                    name="workspace",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.workspace",
                    ),
                ),
                migrations.AlterField(
                    model_name="run",
                    name="flow",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="flows.flow",
                    ),
                ),
            ],
        )
    ]
