"""Every module that declares tables, so that the migrations see them all."""

from bot.followers import models as followers  # noqa: F401
from bot.inbound import models as inbound  # noqa: F401
from bot.outbound import models as outbound  # noqa: F401
from bureau.catalogues import models as catalogues  # noqa: F401
from bureau.disclosures import models as disclosures  # noqa: F401
from bureau.facts import models as facts  # noqa: F401
from bureau.feedback import history as feedback_history  # noqa: F401
from bureau.feedback import models as feedback  # noqa: F401
from bureau.inquiries import models as inquiries  # noqa: F401
from bureau.release import models as release  # noqa: F401
from bureau.staff import models as staff  # noqa: F401
from bureau.workdays import models as workdays  # noqa: F401
from knowledge import models as knowledge  # noqa: F401
