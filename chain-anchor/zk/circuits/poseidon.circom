pragma circom 2.1.6;

// Written by ../build.js from the Grain generator: poseidonRound(width, round) and poseidonMatrix(width).
include "poseidon_constants.circom";

// The fifth power of a sum. Where the sum is long it becomes a signal of its own: a line more, and a shorter key, because
// the sum is then written once instead of three times.
template Power5(long) {
    signal input in;
    signal output out;
    var base = in;
    if (long) {
        signal sum <== in;
        base = sum;
    }
    signal square <== base * base;
    signal fourth <== square * square;
    out <== fourth * base;
}

// The hash of width - 1 elements.
template Poseidon(width, partial) {
    signal input in[width - 1];
    signal output out;

    var full = 8;
    var matrix[width][width] = poseidonMatrix(width);
    component box[full * width + partial];
    var used = 0;
    var state[width];
    state[0] = 0;
    for (var i = 1; i < width; i++) {
        state[i] = in[i - 1];
    }
    for (var round = 0; round < full + partial; round++) {
        var added[width] = poseidonRound(width, round);
        var boxes = round < full / 2 || round >= full / 2 + partial ? width : 1;
        for (var i = 0; i < width; i++) {
            state[i] += added[i];
        }
        for (var i = 0; i < boxes; i++) {
            box[used] = Power5(round >= full / 2);
            box[used].in <== state[i];
            state[i] = box[used].out;
            used++;
        }
        var mixed[width];
        for (var i = 0; i < width; i++) {
            mixed[i] = 0;
            for (var j = 0; j < width; j++) {
                mixed[i] += matrix[i][j] * state[j];
            }
        }
        state = mixed;
    }
    out <== state[0];
}

template Hash2() {
    signal input in[2];
    signal output out <== Poseidon(3, 57)(in);
}

template Hash16() {
    signal input in[16];
    signal output out <== Poseidon(17, 68)(in);
}
