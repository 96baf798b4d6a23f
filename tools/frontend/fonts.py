"""Make the web font: the letters of Vietnamese and western Latin in one file a weight, with tabular figures.

One file, because subsets cut by script break Vietnamese words in two when text is copied from a PDF. The family has
proportional figures only (a 1 is half as wide as a 4), so columns of money would not stand under each other: we add
`tnum` figures of equal width made from the family's own.
"""

from __future__ import annotations

import io

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables import otTables
from fontTools.ttLib.tables._g_l_y_f import Glyph, GlyphComponent

TABULAR_WIDTH = 660
FEATURES = ["ccmp", "locl", "kern", "mark", "mkmk", "tnum"]

# Latin-1, the Vietnamese letters and their combining marks, and the punctuation a page of ours may carry.
LETTERS = (
    *range(0x20, 0x7F),
    *range(0xA0, 0x100),
    *range(0x1EA0, 0x1EFA),
    *map(ord, "ĂăĐđĨĩŨũƠơƯưı₫€™−≠≤≥–—‘’“”•…‹›"),
    *(0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323),
)


def add_tabular_figures(font: TTFont) -> None:
    """Add a `tnum` feature: each figure centred in a cell of `TABULAR_WIDTH` units."""
    names = font.getBestCmap()
    glyphs, metrics = font["glyf"], font["hmtx"]
    mapping: dict[str, str] = {}
    order = list(font.getGlyphOrder())
    for character in "0123456789":
        source = names[ord(character)]
        width, bearing = metrics[source]
        component = GlyphComponent()
        component.glyphName = source
        component.x, component.y = (TABULAR_WIDTH - width) // 2, 0
        component.flags = 0x4 | 0x2  # round to grid; offsets are x and y
        glyph = Glyph()
        glyph.numberOfContours = -1
        glyph.components = [component]
        target = f"{source}.tnum"
        order.append(target)
        glyphs[target] = glyph
        metrics[target] = (TABULAR_WIDTH, bearing + component.x)
        mapping[source] = target
    font.setGlyphOrder(order)
    glyphs.setGlyphOrder(order)
    font["maxp"].numGlyphs = len(order)
    for target in mapping.values():
        glyphs[target].recalcBounds(glyphs)
    _add_feature(font["GSUB"].table, "tnum", mapping)


def _add_feature(gsub: otTables.GSUB, tag: str, mapping: dict[str, str]) -> None:
    """Append a single substitution as a feature of every script and language the font knows."""
    substitution = otTables.SingleSubst()
    substitution.mapping = mapping
    lookup = otTables.Lookup()
    lookup.LookupType, lookup.LookupFlag, lookup.SubTable, lookup.SubTableCount = 1, 0, [substitution], 1
    gsub.LookupList.Lookup.append(lookup)
    gsub.LookupList.LookupCount += 1
    feature = otTables.Feature()
    feature.FeatureParams = None
    feature.LookupListIndex, feature.LookupCount = [gsub.LookupList.LookupCount - 1], 1
    record = otTables.FeatureRecord()
    record.FeatureTag, record.Feature = tag, feature
    gsub.FeatureList.FeatureRecord.append(record)
    gsub.FeatureList.FeatureCount += 1
    index = gsub.FeatureList.FeatureCount - 1
    for script in gsub.ScriptList.ScriptRecord:
        languages = [item.LangSys for item in script.Script.LangSysRecord]
        for language in [script.Script.DefaultLangSys, *languages]:
            if language is not None:
                language.FeatureIndex.append(index)
                language.FeatureCount += 1


def web_font(ttf: bytes) -> bytes:
    """Make the woff2 that pages load from a whole TrueType font; the same input gives the same bytes."""
    font = TTFont(io.BytesIO(ttf), recalcTimestamp=False)
    add_tabular_figures(font)
    options = Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.flavor = "woff2"
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=LETTERS)
    subsetter.subset(font)
    font.flavor = "woff2"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
