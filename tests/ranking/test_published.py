"""Each method against numbers that somebody published, the source named in each test."""

import numpy as np
import pytest

from mcda.ranking import scoring
from mcda.ranking.electre import electre_ii
from mcda.ranking.library import evaluate
from mcda.ranking.performance import performance


def signs(text):
    """Read directions from a string of + and -."""
    return ["max" if sign == "+" else "min" for sign in text]


def equal(values, published, digits):
    """Check numbers against ones printed with so many decimals."""
    assert np.asarray(values) == pytest.approx(published, abs=0.51 * 10**-digits)


def test_topsis_tzeng_huang_2011():
    """Tzeng & Huang (2011), Multiple Attribute Decision Making, ch. 5: three criteria, max."""
    p = performance([[5, 8, 4], [7, 6, 8], [8, 8, 6], [7, 4, 6]], [0.3, 0.4, 0.3], signs("+++"))
    result = scoring.topsis(p)
    equal(result.scores, [0.5037, 0.6581, 0.7482, 0.3340], 3)
    assert result.ranks.tolist() == [3, 2, 1, 4]


@pytest.mark.parametrize("units", [(0, 1, 0), (5, 1e-3, -1)])
def test_vikor_opricovic_tzeng_2004(units):
    """Opricovic & Tzeng (2004), EJOR 156, 445–455: the mountain climber, in either unit."""
    shift, factor, offset = units
    matrix = [
        [risk + shift, altitude * factor + offset]
        for risk, altitude in [(1, 3000), (2, 3750), (5, 4500)]
    ]
    result = scoring.vikor(performance(matrix, [0.5, 0.5], signs("-+")))
    equal(result.intermediates["S, summed regret"].values, [0.5, 0.375, 0.5], 9)
    equal(result.intermediates["R, greatest regret"].values, [0.5, 0.25, 0.5], 9)
    equal(result.scores, [1, 0, 1], 9)
    assert result.ranks.tolist() == [2, 1, 2]
    assert result.intermediates["Compromise set"] == ("P2",)


DAMS = [
    [4184.3, 2914.0, 407.2, 251.0, 195, 244, 15, 2.41],
    [5211.9, 3630.0, 501.7, 308.3, 282, 346, 21, 1.41],
    [5021.3, 3920.5, 504.0, 278.6, 12, 56, 3, 4.42],
    [5566.1, 3957.9, 559.5, 335.3, 167, 268, 16, 3.36],
    [5060.5, 3293.5, 514.1, 284.2, 69, 90, 7, 4.04],
    [4317.9, 2925.9, 432.8, 239.3, 12, 55, 3, 4.36],
]


@pytest.mark.parametrize(
    ("economic", "social", "s", "r", "q", "ranks", "advantage", "together"),
    [
        (
            1,
            1,
            [0.692, 0.700, 0.290, 0.423, 0.280, 0.346],
            [0.125, 0.125, 0.121, 0.125, 0.067, 0.125],
            [0.991, 1.0, 0.473, 0.670, 0.0, 0.578],
            [5, 6, 2, 4, 1, 3],
            True,
            ("P5",),
        ),
        (
            2,
            1,
            [0.701, 0.600, 0.386, 0.365, 0.317, 0.459],
            [0.167, 0.114, 0.161, 0.167, 0.089, 0.167],
            [1.0, 0.533, 0.552, 0.563, 0.0, 0.686],
            [6, 2, 3, 4, 1, 5],
            True,
            ("P5",),
        ),
        (
            1,
            2,
            [0.683, 0.800, 0.193, 0.480, 0.243, 0.232],
            [0.113, 0.167, 0.080, 0.122, 0.044, 0.083],
            [0.684, 1.0, 0.147, 0.554, 0.041, 0.191],
            [5, 6, 2, 4, 1, 3],
            False,
            ("P3", "P5", "P6"),
        ),
        (
            1,
            3.2,
            [0.678, 0.857, 0.138, 0.513, 0.222, 0.167],
            [0.129, 0.190, 0.057, 0.139, 0.042, 0.060],
            [0.668, 1.0, 0.051, 0.588, 0.058, 0.078],
            [5, 6, 1, 4, 2, 3],
            False,
            ("P3", "P5", "P6"),
        ),
    ],
)
def test_vikor_opricovic_tzeng_2007(economic, social, s, r, q, ranks, advantage, together):
    """Opricovic & Tzeng (2007), EJOR 178, 514–529: hydropower, four sets of weights."""
    p = performance(DAMS, [economic] * 4 + [social] * 4, signs("+-++---+"))
    result = scoring.vikor(p)
    assert result.intermediates["S, summed regret"].values == pytest.approx(s, abs=1.1e-3)
    assert result.intermediates["R, greatest regret"].values == pytest.approx(r, abs=1.1e-3)
    assert result.scores == pytest.approx(q, abs=1.1e-3)
    assert result.ranks.tolist() == ranks
    assert result.intermediates["Acceptable advantage"] is advantage
    assert result.intermediates["Acceptable stability"] is True
    assert result.intermediates["Compromise set"] == together


CUTTING = [
    [581818, 54.49, 3, 5500],
    [595454, 49.73, 3, 4500],
    [586060, 51.24, 3, 5000],
    [522727, 45.71, 3, 5800],
    [561818, 52.66, 3, 5200],
    [543030, 74.46, 4, 5600],
    [522727, 75.42, 4, 5800],
    [486970, 62.62, 4, 5600],
    [509394, 65.87, 4, 6400],
    [513333, 70.67, 4, 6000],
]
CUTTING_SCORES = {
    0.0: [0.8578, 0.8144, 0.8408, 0.9413, 0.8632, 0.8241, 0.8454, 0.8915, 0.8987, 0.8697],
    0.3: [0.8582, 0.8159, 0.8414, 0.9415, 0.8636, 0.8263, 0.8484, 0.8936, 0.9011, 0.8723],
    0.5: [0.8584, 0.8169, 0.8419, 0.9417, 0.8638, 0.8278, 0.8503, 0.8949, 0.9027, 0.8740],
    0.8: [0.8588, 0.8184, 0.8425, 0.9419, 0.8643, 0.8300, 0.8532, 0.8969, 0.9051, 0.8766],
    1.0: [0.8590, 0.8194, 0.8430, 0.9420, 0.8645, 0.8315, 0.8552, 0.8983, 0.9067, 0.8784],
}


@pytest.mark.parametrize("share", CUTTING_SCORES)
def test_waspas_chakraborty_zavadskas_antucheviciene_2015(share):
    """Chakraborty, Zavadskas & Antucheviciene (2015), ECECSR 49(1), 5–22, example 2.

    The method is that of Zavadskas et al. (2012); at λ = 0 it is the weighted product, at λ = 1
    the weighted sum. The paper cuts some fourth decimals off.
    """
    p = performance(CUTTING, [0.467, 0.160, 0.095, 0.278], signs("---+"))
    result = scoring.waspas(p, share_of_sum=share)
    assert result.scores == pytest.approx(CUTTING_SCORES[share], abs=1e-4)
    assert result.ranks.tolist() == [6, 10, 8, 1, 5, 9, 7, 3, 2, 4]
    alone = {0.0: scoring.weighted_product, 1.0: scoring.weighted_sum}.get(share)
    if alone:
        assert alone(p).scores == pytest.approx(CUTTING_SCORES[share], abs=1e-4)


def test_copras_uysal_inan_2022():
    """Uysal & İnan (2022), IJSSER 7: research assistants, one criterion minimised, one with a 0."""
    p = performance(
        [
            [3.57, 4.00, 4.00, 83.75, 3, 9, 1],
            [3.07, 3.95, 4.00, 83.00, 3, 1, 3],
            [3.23, 3.54, 3.46, 66.00, 4, 0, 2],
            [3.42, 3.96, 4.00, 70.00, 5, 5, 7],
            [2.56, 3.37, 3.79, 82.00, 4, 4, 5],
        ],
        [1] * 7,
        signs("++++-++"),
    )
    result = scoring.copras(p)
    equal(result.scores, [100.0, 78.8501, 63.3837, 98.6506, 86.8878], 3)
    assert result.ranks.tolist() == [1, 4, 5, 2, 3]


def test_copras_wieckowski_szyjewski_2022():
    """Więckowski & Szyjewski (2022), Procedia Computer Science 207, 4565–4573: ranks."""
    p = performance(
        [
            [3.5, 6.0, 1256.0, 4.0, 16.0, 3.0, 17.3, 8.0, 2.82, 4100.0],
            [3.1, 4.0, 1000.0, 2.0, 8.0, 1.0, 15.6, 5.0, 3.08, 3800.0],
            [3.6, 6.0, 2000.0, 4.0, 16.0, 3.0, 17.3, 5.0, 2.90, 4000.0],
            [3.0, 4.0, 1000.0, 2.0, 8.0, 2.0, 17.3, 5.0, 2.60, 3500.0],
            [3.3, 6.0, 1008.0, 4.0, 12.0, 3.0, 15.6, 8.0, 2.30, 3800.0],
            [3.6, 6.0, 1000.0, 2.0, 16.0, 3.0, 15.6, 5.0, 2.80, 4000.0],
            [3.5, 6.0, 1256.0, 2.0, 16.0, 1.0, 15.6, 6.0, 2.90, 4000.0],
        ],
        [0.297, 0.025, 0.035, 0.076, 0.154, 0.053, 0.104, 0.017, 0.025, 0.214],
        signs("++++++++--"),
    )
    assert scoring.copras(p).ranks.tolist() == [2, 7, 1, 6, 3, 4, 5]


def test_aras_balezentiene_kusta_2012():
    """Balezentiene & Kusta (2012), The Scientific World Journal: greenhouse gases in grassland.

    The ideal row of the paper is the best of each criterion, as the method makes it.
    """
    p = performance(
        [
            [957.5, 190.1977, 70, 0.039592, 2.166783, 0.0141],
            [892.5, 203.8013, 53, 0.025849, 2.994347, 0.016642],
            [1002.5, 235.0942, 75, 0.015479, 4.742146, 0.019484],
            [1150.0, 271.4, 76, 0.022, 7.055962, 0.022147],
            [1520.0, 192.5579, 70, 0.025442, 8.424319, 0.024235],
            [1700.0, 386.1619, 90, 0.029429, 5.888983, 0.022218],
            [1355.0, 342.1966, 80, 0.0293, 8.635847, 0.024861],
            [2127.5, 495.4876, 90, 0.038453, 3.652983, 0.020537],
            [3020.0, 827.6948, 97, 0.031774, 11.03944, 0.024359],
            [2786.0, 795.0, 98, 0.021151, 8.952235, 0.023349],
        ],
        [1] * 6,
        signs("+++---"),
    )
    result = scoring.aras(p)
    published = [0.599472, 0.531983, 0.564514, 0.491713, 0.453489]
    published += [0.551491, 0.475401, 0.635985, 0.689763, 0.722232]
    equal(result.scores, published, 4)
    assert result.intermediates["S of the ideal"] == pytest.approx(0.148897, abs=5e-6)
    assert result.ranks.tolist() == [4, 7, 5, 8, 10, 6, 9, 3, 2, 1]


ROBOTS = [
    [60, 0.4, 2540, 500, 990],
    [6.35, 0.15, 1016, 3000, 1041],
    [6.8, 0.10, 1727.2, 1500, 1676],
    [10, 0.2, 1000, 2000, 965],
    [2.5, 0.1, 560, 500, 915],
    [4.5, 0.08, 1016, 350, 508],
    [3, 0.1, 1778, 1000, 920],
]
ROBOT_WEIGHTS = [0.036, 0.192, 0.326, 0.326, 0.120]


def test_cocoso_yazdani_2019():
    """Yazdani, Zaraté, Zavadskas & Turskis (2019), Management Decision 57, 2501–2519: robots."""
    result = scoring.cocoso(performance(ROBOTS, ROBOT_WEIGHTS, signs("+-+++")))
    assert result.scores == pytest.approx(
        [2.041, 2.788, 2.882, 2.416, 1.300, 1.443, 2.520], abs=2e-3
    )
    assert result.intermediates["k_a"].values == pytest.approx(
        [0.131, 0.175, 0.180, 0.163, 0.088, 0.097, 0.165], abs=2e-3
    )
    assert result.ranks.tolist() == [5, 2, 1, 4, 7, 6, 3]


def test_codas_keshavarz_ghorabaee_2016_robots():
    """Keshavarz Ghorabaee et al. (2016), ECECSR 50(3), 25–44, first example: the same robots."""
    result = scoring.codas(performance(ROBOTS, ROBOT_WEIGHTS, signs("+-+++")))
    equal(result.scores, [0.5122, 1.4633, 1.0715, -0.2125, -1.8515, -1.1717, 0.1887], 4)
    assert result.ranks.tolist() == [3, 1, 2, 5, 7, 6, 4]


def test_codas_keshavarz_ghorabaee_2016_microclimate():
    """Keshavarz Ghorabaee et al. (2016), second example, after Zavadskas & Turskis (2010)."""
    p = performance(
        [
            [7.6, 46, 18, 390, 0.1, 11],
            [5.5, 32, 21, 360, 0.05, 11],
            [5.3, 32, 21, 290, 0.05, 11],
            [5.7, 37, 19, 270, 0.05, 9],
            [4.2, 38, 19, 240, 0.1, 8],
            [4.4, 38, 19, 260, 0.1, 8],
            [3.9, 42, 16, 270, 0.1, 5],
            [7.9, 44, 20, 400, 0.05, 6],
            [8.1, 44, 20, 380, 0.05, 6],
            [4.5, 46, 18, 320, 0.1, 7],
            [5.7, 48, 20, 320, 0.05, 11],
            [5.2, 48, 20, 310, 0.05, 11],
            [7.1, 49, 19, 280, 0.1, 12],
            [6.9, 50, 16, 250, 0.05, 10],
        ],
        [0.21, 0.16, 0.26, 0.17, 0.12, 0.08],
        signs("++++--"),
    )
    result = scoring.codas(p)
    published = [0.768, 0.363, -0.105, -0.329, -2.384, -2.207, -2.043]
    published += [2.929, 2.890, -1.282, 0.568, 0.313, 0.157, 0.364]
    equal(result.scores, published, 3)
    assert result.ranks.tolist() == [3, 6, 9, 10, 14, 13, 12, 1, 2, 11, 4, 7, 8, 5]


def test_edas_of_an_independent_implementation():
    """JMcDM.jl (Satman, Yıldırım & Kuruca 2021), documentation of `edas`: eight alternatives."""
    p = performance(
        [
            [5000, 5, 5300, 450],
            [4500, 5, 5000, 400],
            [4500, 4, 4700, 400],
            [4000, 4, 4200, 400],
            [5000, 4, 7100, 500],
            [5000, 5, 5400, 450],
            [5500, 5, 6200, 500],
            [5000, 4, 5800, 450],
        ],
        [1] * 4,
        signs("++--"),
    )
    published = [0.759594, 0.886016, 0.697472, 0.739658, 0.059083, 0.731833, 0.641691, 0.385194]
    equal(scoring.edas(p).scores, published, 6)


def test_mabac_pamucar_cirovic_2015():
    """Pamučar & Ćirović (2015), Expert Systems with Applications 42, 3016–3028: forklifts."""
    p = performance(
        [
            [22600, 3800, 2, 5, 1.06, 3.00, 3.5, 2.8, 24.5, 6.5],
            [19500, 4200, 3, 2, 0.95, 3.00, 3.4, 2.2, 24.0, 7.0],
            [21700, 4000, 1, 3, 1.25, 3.20, 3.3, 2.5, 24.5, 7.3],
            [20600, 3800, 2, 5, 1.05, 3.25, 3.2, 2.0, 22.5, 11.0],
            [22500, 3800, 4, 3, 1.35, 3.20, 3.7, 2.1, 23.0, 6.3],
            [23250, 4210, 3, 5, 1.45, 3.60, 3.5, 2.8, 23.5, 7.0],
            [20300, 3850, 2, 5, 0.90, 3.25, 3.0, 2.6, 21.5, 6.0],
        ],
        [0.146, 0.144, 0.119, 0.121, 0.115, 0.101, 0.088, 0.068, 0.050, 0.048],
        signs("-+++--++++"),
    )
    result = scoring.mabac(p)
    assert result.scores == pytest.approx(
        [0.0826, 0.2183, -0.0488, 0.0246, -0.0704, 0.0465, 0.0464], abs=5e-4
    )
    assert result.intermediates["Border"].values == pytest.approx(
        [0.2086, 0.1885, 0.1720, 0.1952, 0.1740, 0.1625, 0.1319, 0.1010, 0.0789, 0.0590], abs=5e-4
    )
    assert result.ranks.tolist() == [2, 1, 6, 5, 7, 3, 4]


def test_mairca_gigovic_2016():
    """Gigović, Pamučar, Bajić & Milićević (2016), Sustainability 8(4), 372: ammunition depots."""
    p = performance(
        [
            [3.828, 5.000, 3.720, 2.723, 4.255],
            [4.675, 5.000, 3.000, 3.452, 2.587],
            [4.515, 4.836, 3.289, 3.491, 4.069],
            [4.421, 5.000, 3.555, 2.839, 4.397],
            [4.717, 5.000, 3.430, 4.401, 1.000],
            [4.695, 5.000, 3.925, 3.847, 1.000],
            [4.688, 5.000, 2.000, 4.990, 1.000],
            [4.688, 5.000, 3.971, 4.001, 1.000],
        ],
        [0.2016, 0.2304, 0.2232, 0.1912, 0.1536],
        signs("-+---"),
    )
    result = scoring.mairca(p)
    published = [0.0427, 0.0548, 0.0919, 0.0592, 0.0631, 0.0637, 0.0483, 0.0658]
    assert result.scores == pytest.approx(published, abs=1e-4)
    assert result.ranks.tolist() == [1, 3, 8, 4, 5, 6, 2, 7]


STEVIC = """
6.257 4.217 4.217 6.257 3.000 4.217 5.000 3.557 3.557 3.557 3.000
5.000 4.718 3.557 3.557 2.080 3.557 3.000 4.718 3.557 2.080
4.217 6.804 7.000 5.000 7.000 6.804 5.593 5.593 6.804 7.000 5.000
7.612 5.593 6.257 5.000 7.000 5.593 5.593 6.804 5.593 5.593
4.718 5.593 6.257 5.000 4.718 5.000 5.593 4.718 5.593 5.000 3.557
6.257 5.000 4.718 4.718 5.000 3.557 5.593 5.593 3.557 4.217
5.000 6.804 5.000 3.000 5.000 6.257 7.612 3.557 5.000 6.257 6.257
5.593 6.257 5.000 5.593 7.000 5.000 6.257 5.000 3.557 4.217
3.557 5.593 6.804 3.000 5.000 7.000 5.593 5.000 6.257 7.000 5.593
7.612 6.257 6.257 5.000 6.257 5.593 7.000 5.000 4.718 5.000
6.257 3.000 4.217 5.000 3.557 3.000 4.217 3.000 4.217 3.000 2.466
3.000 4.217 3.557 5.000 3.000 4.217 3.557 2.080 5.000 3.000
4.217 5.000 6.257 5.593 3.557 5.593 4.217 5.593 5.000 6.257 3.557
5.000 6.257 5.593 5.593 7.000 6.257 5.000 6.257 5.593 5.000
7.612 1.442 3.000 9.000 2.080 3.000 1.442 2.080 1.442 3.000 1.000
1.442 2.080 3.000 3.000 1.000 1.442 1.442 3.000 2.080 1.000
"""

STEVIC_WEIGHTS = """
0.127 0.159 0.060 0.075 0.043 0.051 0.075 0.061 0.053 0.020 0.039
0.022 0.017 0.027 0.022 0.039 0.017 0.035 0.015 0.024 0.016
"""


def test_marcos_stevic_2020(capsys):
    """Stević, Pamučar, Puška & Chatterjee (2020), CAIE 140: suppliers in healthcare.

    The paper computes with three decimals on the way, so that its last digit wavers.
    """
    p = performance(
        np.array(STEVIC.split(), dtype=float).reshape(8, 21),
        np.array(STEVIC_WEIGHTS.split(), dtype=float),
        signs("-++-" + 17 * "+"),
    )
    result = scoring.marcos(p)
    assert result.scores == pytest.approx(
        [0.524, 0.846, 0.704, 0.796, 0.843, 0.499, 0.722, 0.290], abs=2e-3
    )
    assert result.ranks.tolist() == [6, 1, 5, 3, 2, 7, 4, 8]
    assert capsys.readouterr().out == ""


HEATING = [
    [33.95, 23.78, 11.45, 39.97, 29.44, 167.10, 3.852],
    [38.9, 4.17, 6.32, 0.01, 4.29, 132.52, 25.184],
    [37.59, 9.36, 8.23, 4.35, 10.22, 136.71, 10.845],
    [30.44, 37.59, 13.91, 74.08, 45.10, 198.34, 2.186],
    [36.21, 14.79, 9.17, 17.77, 17.06, 148.3, 6.610],
    [37.8, 8.55, 7.97, 2.35, 9.25, 134.83, 11.935],
]


def test_moora_family_kracka_brauers_zavadskas_2010():
    """Kracka, Brauers & Zavadskas (2010), Inzinerine Ekonomika 21, 352–359: heating losses.

    The paper gives no weights; equal shares divide its scores by 7. The products are printed of
    the scaled numbers.
    """
    p = performance(HEATING, [1] * 7, signs("----+-+"))
    ratio = scoring.ratio_moora(p)
    published = [-1.62447867, -0.25233889, -0.84635037, -2.23363519, -1.18698242, -0.77456208]
    equal(ratio.scores * 7, published, 8)
    assert ratio.ranks.tolist() == [5, 1, 3, 6, 4, 2]

    reference = scoring.reference_point_moora(p)
    published = [0.68934931, 0.69986697, 0.59817104, 0.85955696, 0.6002238, 0.61480595]
    equal(reference.scores * 7, published, 8)
    assert reference.ranks.tolist() == [4, 5, 1, 6, 2, 3]

    product = scoring.full_multiplicative_form(p)
    published = [3.4343, 148689.356, 120.3441, 0.7882, 16.2917, 252.9155]
    assert np.exp(product.scores) == pytest.approx(published, rel=1e-4)
    assert product.ranks.tolist() == [5, 1, 3, 6, 4, 2]

    joined = scoring.multimoora(p)
    assert joined.scores.tolist() == [1, 5, 3, 0, 2, 4]
    assert joined.ranks.tolist() == [5, 1, 3, 6, 4, 2]


def test_ocra_isik_adali_2016():
    """Işık & Adalı (2016), IJAOM 8, 140–151: hotels."""
    p = performance(
        [
            [7.7, 256, 7.2, 7.3, 7.3],
            [8.1, 250, 7.9, 7.8, 7.7],
            [8.7, 352, 8.6, 7.9, 8.0],
            [8.1, 262, 7.0, 8.1, 7.2],
            [6.5, 271, 6.3, 6.4, 6.1],
            [6.8, 228, 7.1, 7.2, 6.5],
        ],
        [0.239, 0.225, 0.197, 0.186, 0.153],
        signs("+-+++"),
    )
    result = scoring.ocra(p)
    equal(result.scores, [0.143, 0.210, 0.164, 0.167, 0.000, 0.112], 3)
    assert result.ranks.tolist() == [4, 1, 3, 2, 6, 5]


def test_spotis_dezert_2020_with_negatives():
    """Dezert et al. (2020), FUSION, example 1: negative numbers, ranges stated."""
    p = performance(
        [[10.5, -3.1, 1.7], [-4.7, 0, 3.4], [8.1, 0.3, 1.3], [3.2, 7.3, -5.3]],
        [0.2, 0.3, 0.5],
        signs("+-+"),
        ranges=[[-5, 12], [-6, 10], [-8, 5]],
    )
    result = scoring.spotis(p)
    assert result.scores == pytest.approx([0.1989, 0.3707, 0.3063, 0.7491], abs=2e-4)
    assert result.ranks.tolist() == [1, 3, 2, 4]


def test_spotis_dezert_2020_cars():
    """Dezert et al. (2020), FUSION, example 2: cars."""
    p = performance(
        [
            [15000, 4.3, 99, 42, 737],
            [15290, 5.0, 116, 42, 892],
            [15350, 5.0, 114, 45, 952],
            [15490, 5.3, 123, 45, 1120],
        ],
        [0.2941, 0.2353, 0.2353, 0.0588, 0.1765],
        signs("---++"),
        ranges=[[14000, 16000], [3, 8], [80, 140], [35, 60], [650, 1300]],
    )
    result = scoring.spotis(p)
    assert result.scores == pytest.approx([0.4779, 0.5781, 0.5558, 0.5801], abs=1e-4)
    assert result.ranks.tolist() == [1, 3, 2, 4]


def test_rim_cables_lamata_verdegay_2016():
    """Cables, Lamata & Verdegay (2016), Information Sciences 337–338, 1–10: the scaled matrix.

    The ideals of the example lie inside the ranges, which the menu does not use, so the library
    is asked itself. The distances of the paper are misprinted; those to the ideal are right.
    """
    extra = evaluate(
        "rim",
        "RIM",
        np.array(
            [
                [30, 0, 2, 3, 3, 2],
                [40, 9, 1, 3, 2, 2],
                [25, 0, 3, 1, 3, 2],
                [27, 0, 5, 3, 3, 1],
                [45, 15, 2, 2, 3, 4],
            ]
        ),
        np.array([0.2262, 0.2143, 0.1786, 0.1429, 0.1190, 0.1190]),
        ranges=[(23, 60), (0, 15), (0, 10), (1, 3), (1, 3), (1, 5)],
        ref_ideals=[(30, 35), (10, 15), (0, 0), (3, 3), (3, 3), (4, 5)],
    )
    equal(extra["i_plus"], [0.23129, 0.11251, 0.31877, 0.27831, 0.12070], 5)
    equal(extra["norm_matrix"][0], [1, 0, 0.8, 1, 1, 0.3333], 4)


def test_ram_sotoudeh_anvari_2023():
    """Sotoudeh-Anvari (2023), Journal of Cleaner Production 423, 138695, tables 2–5."""
    p = performance(
        [
            [0.068, 0.066, 0.150, 0.098, 0.156, 0.114, 0.098],
            [0.078, 0.076, 0.108, 0.136, 0.082, 0.171, 0.105],
            [0.157, 0.114, 0.128, 0.083, 0.108, 0.113, 0.131],
            [0.106, 0.139, 0.058, 0.074, 0.132, 0.084, 0.120],
            [0.103, 0.187, 0.125, 0.176, 0.074, 0.064, 0.057],
            [0.105, 0.083, 0.150, 0.051, 0.134, 0.094, 0.113],
            [0.137, 0.127, 0.056, 0.133, 0.122, 0.119, 0.114],
            [0.100, 0.082, 0.086, 0.060, 0.062, 0.109, 0.093],
            [0.053, 0.052, 0.043, 0.100, 0.050, 0.078, 0.063],
            [0.094, 0.074, 0.097, 0.087, 0.080, 0.054, 0.106],
        ],
        [0.132, 0.135, 0.138, 0.162, 0.09, 0.223, 0.12],
        signs("+--++++"),
    )
    result = scoring.ram(p)
    published = [1.433215, 1.439243, 1.435296, 1.432197, 1.42788]
    published += [1.43012, 1.439444, 1.430766, 1.429406, 1.428773]
    assert result.scores == pytest.approx(published, abs=2e-5)
    assert result.ranks.tolist() == [4, 2, 3, 5, 10, 7, 1, 6, 8, 9]


def test_ervd_shyur_2015():
    """Shyur, Yin, Shih & Cheng (2015), FCDS 40, 299–315: seventeen candidates, reference 80."""
    p = performance(
        [
            [80, 70, 87, 77, 76, 80, 75],
            [85, 65, 76, 80, 75, 65, 75],
            [78, 90, 72, 80, 85, 90, 85],
            [75, 84, 69, 85, 65, 65, 70],
            [84, 67, 60, 75, 85, 75, 80],
            [85, 78, 82, 81, 79, 80, 80],
            [77, 83, 74, 70, 71, 65, 70],
            [78, 82, 72, 80, 78, 70, 60],
            [85, 90, 80, 88, 90, 80, 85],
            [89, 75, 79, 67, 77, 70, 75],
            [65, 55, 68, 62, 70, 50, 60],
            [70, 64, 65, 65, 60, 60, 65],
            [95, 80, 70, 75, 70, 75, 75],
            [70, 80, 79, 80, 85, 80, 70],
            [60, 78, 87, 70, 66, 70, 65],
            [92, 85, 88, 90, 85, 90, 95],
            [86, 87, 80, 70, 72, 80, 85],
        ],
        [0.066, 0.196, 0.066, 0.130, 0.130, 0.216, 0.196],
        signs("+++++++"),
        reference=[80] * 7,
    )
    result = scoring.ervd(p)
    published = [0.660, 0.503, 0.885, 0.521, 0.610, 0.796, 0.498, 0.549, 0.908]
    published += [0.565, 0.070, 0.199, 0.632, 0.716, 0.438, 0.972, 0.767]
    assert result.scores == pytest.approx(published, abs=1.5e-3)
    assert result.ranks.tolist() == [7, 13, 3, 12, 9, 4, 14, 11, 2, 10, 17, 16, 8, 6, 15, 1, 5]


def test_electre_ii_wang_triantaphyllou_2008():
    """Wang & Triantaphyllou (2008), Omega 36, 45–63: grades on one scale."""
    matrix = np.array(
        [
            [1, 2, 1, 5, 2, 2, 4],
            [3, 5, 3, 5, 3, 3, 3],
            [3, 5, 3, 5, 3, 2, 2],
            [1, 2, 2, 5, 1, 1, 1],
            [1, 1, 3, 5, 4, 1, 5],
        ],
        dtype=float,
    )
    weights = np.array([0.0780, 0.1180, 0.1570, 0.3140, 0.2350, 0.0390, 0.0590])
    assert electre_ii(matrix, weights).score.tolist() == [3.0, 1.0, 2.0, 4.0, 1.5]


def test_electre_relations_cebrian_porcar_2009():
    """Cebrián & Porcar (2009), Revista de Métodos Cuantitativos 7, 31–56: sites in Aragón."""
    matrix = np.array(
        [
            [6, 5, 28, 5, 5],
            [4, 2, 25, 10, 9],
            [5, 7, 35, 9, 6],
            [6, 1, 27, 6, 7],
            [6, 8, 30, 7, 9],
            [5, 6, 26, 4, 8],
        ],
        dtype=float,
    )
    upward = matrix / matrix.sum(axis=0) * [1, 1, -1, 1, 1]
    result = electre_ii(upward, np.array([0.25, 0.25, 0.1, 0.2, 0.2]))
    concordance = [
        [1, 0.5000, 0.3500, 0.5000, 0.3500, 0.4500],
        [0.5000, 1, 0.5000, 0.7500, 0.5000, 0.5000],
        [0.6500, 0.5000, 1, 0.4500, 0.2000, 0.7000],
        [0.7500, 0.2500, 0.5500, 1, 0.3500, 0.4500],
        [0.9000, 0.7000, 0.8000, 0.9000, 1, 0.9000],
        [0.5500, 0.5000, 0.5500, 0.5500, 0.1000, 1],
    ]
    discordance = [
        [0, 0.5052, 0.4042, 0.1883, 0.42857, 0.2825],
        [0.4286, 0, 0.7143, 0.2589, 0.8571, 0.5714],
        [0.1696, 0.2825, 0, 0.1938, 0.2825, 0.2180],
        [0.5714, 0.4042, 0.8571, 0, 1.0, 0.7143],
        [0.0485, 0.3031, 0.2021, 0.0727, 0, 0.0969],
        [0.1295, 0.6063, 0.5052, 0.2021, 0.3031, 0],
    ]
    assert result.concordance == pytest.approx(np.array(concordance), abs=1e-9)
    assert result.discordance == pytest.approx(np.array(discordance), abs=1e-3)
    assert result.score.tolist() == [5.0, 2.5, 2.0, 4.0, 1.0, 3.0]
