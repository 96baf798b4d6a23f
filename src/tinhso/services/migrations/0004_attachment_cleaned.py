# A field named "clean" would stand in the way of Django's own method.

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("services", "0003_case_fact_code")]

    operations = [migrations.RenameField(model_name="attachment", old_name="clean", new_name="cleaned")]
