pragma circom 2.1.6;

include "poseidon.circom";

// The model: 16 inputs, 12 hidden, 4 outputs, int8 weights, 18-bit biases.
//
//   hidden[o] = clamp((sum of x[i] * first[o][i] + firstBias[o]) >> 7, 0, 127)
//   output[o] =        sum of hidden[i] * second[o][i] + secondBias[o]
//
// All the weights that one input is multiplied with stand in one field element, a column, 20 bits apart:
//
//   column[i] = sum over o of weight[o][i] * 2^(20 o)
//
// so that one multiplication gives all products of an input at once, and the sum over the inputs holds every result in
// its own 20 bits. That is so only if each weight fits int8, which the registration proves once. The inference proves
// over the very columns that the commitment hashes, and needs to look into none of them.

// value is what its bits say; fewer bits than the field has, so that there is one way to say it.
template Bits(count) {
    signal input value;
    signal output bits[count];
    var sum = 0;
    for (var i = 0; i < count; i++) {
        bits[i] <-- (value >> i) & 1;
        bits[i] * (bits[i] - 1) === 0;
        sum += bits[i] * (1 << i);
    }
    sum === value;
}

// value is in -2^(count-1) to 2^(count-1) - 1. What the low bits leave of it is 0 or the top bit, which takes no line
// for the sum.
template Signed(count) {
    signal input value;
    signal low[count - 1];
    var top = 1 << (count - 1);
    var rest = value + top;
    for (var i = 0; i < count - 1; i++) {
        low[i] <-- ((value + top) >> i) & 1;
        low[i] * (low[i] - 1) === 0;
        rest -= low[i] * (1 << i);
    }
    rest * (rest - top) === 0;
}

// What a model is known by. The salt hides it: equal models of two holders differ, and guesses cannot be compared.
template ModelCommitment() {
    signal input first[16];
    signal input second[12];
    signal input firstBias;
    signal input secondBias;
    signal input salt;
    signal output commitment;
    signal columns <== Hash16()(first);
    component rest = Hash16();
    rest.in[0] <== columns;
    for (var i = 0; i < 12; i++) {
        rest.in[1 + i] <== second[i];
    }
    rest.in[13] <== firstBias;
    rest.in[14] <== secondBias;
    rest.in[15] <== salt;
    commitment <== rest.out;
}
