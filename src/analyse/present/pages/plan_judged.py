"""Everything that the page of a plan is made of: gathered, judged, kept with the figures it rests on, and laid out."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analyse import compare, parameters, shared, store
from analyse.compare import chance, choices, vision, vision_figures
from analyse.compare.year_plans import FOLDER, YearPlan, by_measure, judged
from analyse.forecast import known
from analyse.history import areas
from analyse.parameters import Run
from analyse.present.exhibits.exhibit import Exhibit
from analyse.present.pages import promised, provenance
from analyse.present.text.language import translator
from analyse.shared import judgements, registered
from analyse.sources import snapshot


def parts(name: str, plan: YearPlan, run: Run, *, folder: Path | None = None) -> dict[str, list[Exhibit]]:
    """The page of a plan: heading -> what stands below it.

    Parameters
    ----------
    name : str
        Of the plan: that of its file.
    plan : YearPlan
        The plan.
    run : Run
        Names dataset and language; an area outside its regions is seen in the whole country.
    folder : Path, optional
        Where judgements are kept; by default ``data/judgements``.
    """
    if plan.area_code not in areas.all_names(shared.loaded(run.dataset, run.regions)):
        run = run.of_country()
    tables, package, words = shared.tables(run), snapshot.package(run.dataset), translator(run.language)
    members = (
        [plan.area_code]
        if plan.area_code.startswith("GM")
        else list(compare.members(tables, "region", run.composition_year)[plan.area_code])
    )
    region = (
        areas.region_of(tables, plan.area_code, run.composition_year)
        if plan.area_code.startswith("GM")
        else plan.area_code
    )
    own = shared.read("past", run, [plan.area_code])
    fair = shared.read("fair", run, [plan.area_code])
    figures = pd.concat(
        [fair, vision_figures.figures(tables, own, {plan.area_code: members})], ignore_index=True
    )
    grounds = {
        "flags": choices.flags(),
        "noise": chance.cost_noise(shared.pool(run).history, parameters.breaks()),
        "price_growth": known.price_growth(tables["price_index"]),
    }
    declared = plan.followed(region)
    found = judged(plan, declared, figures, members=members, grounds=grounds)
    newest = vision.monitor(declared, figures, plan.area_code, members=members, **grounds)
    vintage = {
        "dataset": run.dataset,
        "version": str(package["version"]),
        "created": str(package["created"]),
        "data_sha256": snapshot.data_hash(run.dataset),
        "plan_sha256": store.hash_files([store.root() / "parameters" / FOLDER / f"{name}.yaml"]),
    }
    place = store.root() / judgements.FOLDER if folder is None else folder
    kept = judgements.keep(place, name, vintage, by_measure(plan, found))
    area, language = areas.name(tables, plan.area_code), run.language
    foretold = registered.of_area(members, plan.year)
    return {
        "": [promised.head(plan, area=area, data_date=package["created"], language=language)],
        words.gettext("The measures"): promised.measures(plan, declared, found, newest, language=language),
        words.gettext("The money"): promised.accounts(plan, own, foretold, area=area, language=language),
        words.gettext("When it was judged"): [promised.judgements(kept, plan, language=language)],
        words.gettext("How this was made"): [provenance.sources(package, language=language)],
    }
