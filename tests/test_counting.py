"""Counting against the published tables, and against matrices that NumPy multiplies."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scalinglib import runs
from scalinglib.counting import PEARCE_OMEGA, Transformer, total_params, train_flops


def chinchilla(row, n_vocab=32_000, n_ctx=2048):
    return Transformer(
        row.n_layer,
        row.d_model,
        row.n_head,
        n_vocab,
        n_ctx,
        d_head=row.d_head,
        d_ff=row.d_ff,
        position="relative",
    )


def table_a9():
    return list(runs.table("chinchilla_a9").itertuples())


# ---- parameters ----


def test_the_cube_root_of_pearce_and_song():
    """Shares of the embedding as recomputed from the paper.

    The table it came from is met within 2.5 % from 500M on.
    """
    N = np.array([1e6, 1e7, 1e8, 1.5e9])
    assert np.round(1 - N / total_params(N), 3).tolist() == [0.826, 0.506, 0.181, 0.035]
    for row in table_a9():
        model = chinchilla(row)
        met = total_params(model.n_params_non_embedding) / model.n_params
        assert met == pytest.approx(1, abs=0.025 if row.N > 5e8 else 0.11), row
    assert PEARCE_OMEGA == 47491  # Pearce and Song 2024, Table A9 of Chinchilla; their code's gamma
    assert total_params(10**9) == 1e9 + 47491 * 1e3
    assert total_params([8, 27], omega=[1, 10]) == pytest.approx([10, 57])
    with pytest.raises(ValueError, match=r"^N must be positive.*run 1 .* has 0"):
        total_params([1e6, 0])
    with pytest.raises(ValueError, match=r"^omega must be positive"):
        total_params(1e6, omega=-1)


def test_all_50_models_of_chinchillas_table_a9():
    """Tolerances as measured when the table was first reproduced.

    The paper rounds to millions, or worse.
    """
    rows = table_a9()
    assert len(rows) == 50
    for row in rows:
        error = abs(chinchilla(row).n_params / row.N - 1)
        bound = (
            0.0081
            if row.N == 44e6
            else 0.0045
            if row.N < 80e6
            else 0.004
            if row.N < 425e6
            else 0.0016
        )
        assert error < bound, row


def test_without_the_fifth_projection_table_a9_is_missed():
    row = table_a9()[-1]
    plain = Transformer(
        row.n_layer, row.d_model, row.n_head, 32_000, 2048, d_head=row.d_head, position="none"
    )
    assert 0.06 < 1 - plain.n_params / row.N < 0.08


def test_gpt3_and_its_two_misprints():
    for row in runs.table("gpt3").itertuples():
        if "misprint" in row.note:
            with pytest.raises(
                ValueError, match=f"{row.n_head} heads do not divide d_model = {row.d_model}"
            ):
                Transformer(row.n_layer, row.d_model, row.n_head, 50_257, 2048)
            mended = {"GPT-3 XL": (2048, 16), "GPT-3 13B": (5120, 40)}[row.model]
        else:
            mended = row.d_model, row.n_head
            assert mended[0] == row.n_head * row.d_head
        shape = Transformer(row.n_layer, *mended, 50_257, 2048)
        assert shape.n_params == pytest.approx(row.N_d1, rel=0.004)
        assert shape.d_head == row.d_head


def test_gpt2_small_to_the_last_parameter():
    """The released model has 124,439,808 parameters, biases and layer norms included."""
    assert Transformer(12, 768, 12, 50_257, 1024, biases=True).n_params == 124_439_808


LLAMA = {"tied": False, "position": "none", "norms": "rms", "gated": True}
MIXTRAL = {"n_kv_head": 8, "n_expert": 8, "n_expert_active": 2, **LLAMA}


@pytest.mark.parametrize(
    "shape, all_parameters",
    [
        (Transformer(32, 4096, 32, 32_000, 2048, d_ff=11_008, **LLAMA), 6_738_415_616),
        (
            Transformer(80, 8192, 64, 32_000, 4096, d_ff=28_672, n_kv_head=8, **LLAMA),
            68_976_648_192,
        ),
        (
            Transformer(32, 4096, 32, 128_256, 8192, d_ff=14_336, n_kv_head=8, **LLAMA),
            8_030_261_248,
        ),
        (Transformer(32, 4096, 32, 32_000, 32_768, d_ff=14_336, **MIXTRAL), 46_702_792_704),
    ],
    ids=["LLaMA-7B", "Llama-2 70B", "Llama-3 8B", "Mixtral 8x7B"],
)
def test_released_models_to_the_last_parameter(shape, all_parameters):
    """Counts of the released weights, as the files' own metadata and model libraries state them."""
    assert shape.n_params == all_parameters


def test_a_token_of_mixtral_meets_two_experts_of_eight():
    shape = Transformer(32, 4096, 32, 32_000, 32_768, d_ff=14_336, **MIXTRAL)
    assert shape.n_params_active == 12_879_925_248
    assert shape.n_params - shape.n_params_active == 32 * 6 * 3 * 4096 * 14_336
    assert shape.flops_per_token_6N == 6 * 12_879_925_248


def test_gates_groups_and_experts_are_real_matrices_and_products():
    d, heads, kv_heads, d_head, d_ff, vocab, S, experts, active = 24, 6, 2, 5, 70, 101, 16, 4, 2
    width, kv = heads * d_head, kv_heads * d_head
    attention = [(d, width), (d, kv), (d, kv), (width, d)]
    expert = [(d, d_ff), (d, d_ff), (d_ff, d)]
    layer = attention + [(d, experts)] + experts * expert
    gains = [(d, 1), (d, 1)]
    shape = Transformer(
        3,
        d,
        heads,
        vocab,
        S,
        d_head=d_head,
        d_ff=d_ff,
        position="none",
        norms="rms",
        gated=True,
        n_kv_head=kv_heads,
        n_expert=experts,
        n_expert_active=active,
    )
    every = [(vocab, d)] + 3 * (layer + gains) + [(d, 1)]
    assert shape.n_params == sum(np.zeros(size).size for size in every)
    assert shape.n_params_active == shape.n_params - 3 * (experts - active) * sum(
        a * b for a, b in expert
    )
    products = attention + [(d, experts)] + active * expert
    forward = sum(2 * S * a * b for a, b in 3 * products + [(d, vocab)])
    scores = 3 * (heads * 2 * 2 * S * d_head * S + 3 * heads * S * S)
    assert shape.flops_per_token * S == pytest.approx(3 * (forward + scores))


def test_with_biases_a_gate_and_groups_have_theirs():
    d, width, kv, d_ff = 24, 30, 10, 70  # all different, so that none can stand for another
    bare = Transformer(1, d, 3, 101, 16, d_head=10, d_ff=d_ff, gated=True, n_kv_head=1)
    shape = replace(bare, biases=True, norms="none")
    assert shape.n_params - bare.n_params == (width + 2 * kv + d) + (2 * d_ff + d)


@given(st.integers(1, 20), st.integers(1, 8), st.integers(1, 64), st.sampled_from(("rms", "layer")))
def test_norms_add_their_vectors_and_cost_no_flops(n_layer, n_head, d_head, norms):
    d = n_head * d_head
    bare = Transformer(n_layer, d, n_head, 100, 16)
    normed = Transformer(n_layer, d, n_head, 100, 16, norms=norms)
    vectors = (2 * n_layer + 1) * (1 if norms == "rms" else 2)
    assert normed.n_params - bare.n_params == vectors * d
    assert normed.flops_per_token == bare.flops_per_token
    assert bare.n_params_active == bare.n_params


def test_parameters_are_the_sizes_of_real_matrices():
    d, heads, d_head, d_ff, vocab, context, layers = 24, 3, 10, 70, 101, 16, 2
    width = heads * d_head
    layer = [
        np.zeros((d, 3 * width)),
        np.zeros((width, d)),
        np.zeros((d, d_ff)),
        np.zeros((d_ff, d)),
    ]
    matrices = (
        [np.zeros((vocab, d)), np.zeros((context, d))] + layers * layer + [np.zeros((d, vocab))]
    )
    shape = Transformer(layers, d, heads, vocab, context, d_head=d_head, d_ff=d_ff, tied=False)
    assert shape.n_params == sum(matrix.size for matrix in matrices)
    assert shape.n_params_non_embedding == layers * sum(matrix.size for matrix in layer)
    # a bias for each matrix, gain and bias for the two norms of a layer and the last one
    vectors = [3 * width, d, d_ff, d] + 4 * [d]
    with_biases = replace(shape, biases=True)
    assert with_biases.n_params - shape.n_params == layers * sum(vectors) + 2 * d
    assert with_biases.n_params_non_embedding - shape.n_params_non_embedding == layers * sum(
        vectors
    )


def test_each_part_has_its_matrices():
    shape = Transformer(2, 24, 3, 101, 16, d_head=10, d_ff=70)
    parts = {
        "embedding": 101 * 24,
        "position": 16 * 24,
        "attention": 2 * 4 * 24 * 30,
        "feed-forward": 2 * 2 * 24 * 70,
        "output": 0,
    }
    assert shape.params_by_part == parts
    assert replace(shape, tied=False).params_by_part == parts | {"output": 101 * 24}
    assert replace(shape, position="none").params_by_part == parts | {"position": 0}
    fifth = {"position": 0, "attention": 2 * 5 * 24 * 30}
    assert replace(shape, position="relative").params_by_part == parts | fifth
    assert replace(shape, biases=True).params_by_part == parts | {
        "attention": 2 * (4 * 24 * 30 + 3 * 30 + 24 + 2 * 24),
        "feed-forward": 2 * (2 * 24 * 70 + 70 + 24 + 2 * 24),
        "output": 2 * 24,
    }


def test_what_is_not_said_is_gpt_2s_shape():
    """Heads that share the width, an inner width of four, a tied output, learned positions."""
    said = Transformer(12, 768, 12, 50_257, 1024, 64, 3072, True, "learned", False)
    assert Transformer(12, 768, 12, 50_257, 1024) == said
    assert Transformer(12, 768, 12, 50_257, 1024, d_head=None, d_ff=None) == said
    with pytest.raises(FrozenInstanceError):
        said.d_model = 1024


@given(
    st.integers(1, 100),
    st.integers(1, 64),
    st.integers(1, 128),
    st.integers(2, 10**5),
    st.integers(1, 10**5),
)
def test_parts_and_short_cut_agree_with_the_whole(n_layer, n_head, d_head, n_vocab, n_ctx):
    shape = Transformer(n_layer, n_head * d_head, n_head, n_vocab, n_ctx)
    assert sum(shape.params_by_part.values()) == shape.n_params
    # exact for d_attn = d_model, d_ff = 4 d_model
    assert shape.n_params_kaplan == shape.n_params_non_embedding
    assert shape.n_params - shape.n_params_non_embedding == (n_vocab + n_ctx) * n_head * d_head
    assert shape.flops_per_token_layers < shape.flops_per_token < shape.flops_per_token_hoffmann


# ---- FLOPs ----

# Hoffmann et al. 2022, Table A4 (73M, 305M, 552M, 1.1B, 1.6B, 6.8B), and what their printed formula
# gives instead.
A4 = [
    (74, 1.03, 1.58),
    (306, 1.10, 1.32),
    (552, 1.08, 1.23),
    (1143, 1.04, 1.15),
    (1593, 1.03, 1.12),
    (6796, 0.99, 1.03),
]


@pytest.mark.parametrize("millions, table, formula", A4)
def test_chinchillas_table_a4_and_the_formula_that_does_not_give_it(millions, table, formula):
    shape = next(chinchilla(row) for row in table_a9() if row.N == millions * 1e6)
    assert shape.flops_per_token_layers / shape.flops_per_token_6N == pytest.approx(
        table, abs=0.0051
    )
    assert shape.flops_per_token_hoffmann / shape.flops_per_token_6N == pytest.approx(
        formula, abs=0.0051
    )


def test_flops_are_three_forward_passes_of_the_matrix_products():
    d, heads, d_head, d_ff, vocab, S = 24, 3, 10, 70, 101, 16
    width = heads * d_head
    products = [(S, d, 3 * width), (S, width, d), (S, d, d_ff), (S, d_ff, d), (S, d, vocab)]
    products += heads * [(S, d_head, S), (S, S, d_head)]
    softmax = 3 * heads * S * S
    forward = sum(2 * a * b * c for a, b, c in products) + softmax
    shape = Transformer(1, d, heads, vocab, S, d_head=d_head, d_ff=d_ff)
    assert shape.flops_per_token * S == pytest.approx(3 * forward)
    forward_of = {
        "projections": 2 * S * d * 3 * width + 2 * S * width * d,
        "attention": heads * 2 * (S * d_head * S + S * S * d_head) + softmax,
        "feed-forward": 2 * S * d * d_ff + 2 * S * d_ff * d,
        "output": 2 * S * d * vocab,
    }
    deep = replace(shape, n_layer=7)
    for part, flops in forward_of.items():
        assert shape.flops_by_part[part] * S == pytest.approx(3 * flops), part
        layers = 1 if part == "output" else 7
        assert deep.flops_by_part[part] == pytest.approx(layers * shape.flops_by_part[part]), part
    embedding = 2 * S * vocab * d  # as printed by Hoffmann et al. 2022, Appendix F
    assert shape.flops_per_token_hoffmann * S == pytest.approx(3 * (forward + embedding))
    inside = forward - forward_of["output"]
    assert shape.flops_per_token_layers * S == pytest.approx(3 * inside)


def test_attention_matters_when_the_context_nears_12_widths():
    """Kaplan et al. 2020 drop the context where d_model >> n_ctx / 12; when equal it is half."""
    d = 512
    for n_ctx, share in ((12 * d // 100, 0.01), (12 * d, 0.5)):
        shape = Transformer(6, d, 8, 50_257, n_ctx)
        assert 1 - 6 * shape.n_params_non_embedding / shape.flops_per_token_kaplan == pytest.approx(
            share, rel=0.02
        )


def test_kaplan_counts_half_of_the_square_of_attention():
    shape = Transformer(12, 768, 12, 50_257, 1024)
    context = shape.flops_per_token_kaplan - 6 * shape.n_params_non_embedding
    softmax = 3 * 3 * shape.n_layer * shape.n_head * shape.n_ctx
    assert context == pytest.approx((shape.flops_by_part["attention"] - softmax) / 2)


# ---- C = 6 N D ----


def test_training_flops_of_gpt3_and_chinchilla():
    gpt3 = runs.table("gpt3")
    assert train_flops(gpt3.N_d1, gpt3.D) == pytest.approx(gpt3.C.to_numpy(), rel=0.005)
    assert train_flops(gpt3.N_d1, gpt3.D) / 8.64e19 == pytest.approx(
        gpt3.pf_days.to_numpy(), rel=0.005
    )
    assert train_flops(70e9, 1.4e12) == pytest.approx(5.88e23)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 2**62), st.integers(1, 2**62)), min_size=1, max_size=5))
def test_integers_do_not_overflow(pairs):
    N, D = np.array(pairs, dtype=np.int64).T
    exact = [float(6 * n * d) for n, d in pairs]  # Python's integers have no end
    assert train_flops(N, D) == pytest.approx(exact, rel=1e-15)
    assert train_flops(*pairs[0]) == pytest.approx(exact[0], rel=1e-15)


# ---- refusals ----


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"n_layer": 0}, "n_layer must be positive"),
        ({"d_model": 64.5}, "d_model must be one whole number"),
        ({"n_vocab": -1}, "n_vocab must be positive"),
        ({"n_head": 7}, "7 heads do not divide d_model = 64; give d_head"),
        ({"n_ctx": np.nan}, "n_ctx must be positive"),
        ({"d_ff": "wide"}, "d_ff must be numbers"),
        ({"n_head": None}, "n_head must be"),
        ({"n_layer": [1, 2]}, "n_layer must be one whole number"),
        ({"d_head": 0}, "d_head must be positive"),
        ({"d_ff": 2.5}, "d_ff must be one whole number"),
        ({"n_ctx": [16]}, "n_ctx must be one whole number"),
        ({"position": None}, "position must be one of"),
        ({"position": "rotary"}, "position must be one of learned, relative, none"),
        ({"norms": "batch"}, "norms must be one of none, rms, layer"),
        ({"n_kv_head": 3}, "n_kv_head = 3 does not divide n_head = 4"),
        ({"n_kv_head": 0}, "n_kv_head must be positive"),
        ({"n_expert": None}, "n_expert must be"),
        ({"n_expert_active": 2}, "cannot pass through 2 experts of 1"),
    ],
)
def test_a_shape_that_cannot_be_is_refused(wrong, message):
    with pytest.raises(ValueError, match=message):
        Transformer(**{**dict(n_layer=2, d_model=64, n_head=4, n_vocab=100, n_ctx=16), **wrong})


def test_whole_numbers_of_every_kind_become_ints():
    said = Transformer(np.int64(2), 64.0, np.float32(4), np.array(100), 1)
    sizes = (said.n_layer, said.d_model, said.n_head, said.n_vocab, said.n_ctx)
    assert sizes == (2, 64, 4, 100, 1) and {type(size) for size in sizes} == {int}
    assert (said.d_head, said.d_ff) == (16, 256) and type(said.d_head) is type(said.d_ff) is int
    counts = [said.n_params, said.n_params_non_embedding, said.n_params_kaplan, said.d_attn]
    assert {type(count) for count in counts} == {int}


def test_heads_that_do_not_divide_are_fine_with_their_width():
    assert Transformer(2, 64, 7, 100, 16, d_head=9).d_attn == 63


@pytest.mark.parametrize("N, D, name", [(0, 1, "N"), (1, np.nan, "D"), ([1, -1], 1, "N")])
def test_training_flops_refuse_what_is_no_count(N, D, name):
    with pytest.raises(ValueError, match=f"^{name} must be positive"):
        train_flops(N, D)
