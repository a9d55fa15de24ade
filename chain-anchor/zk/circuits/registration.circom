pragma circom 2.1.6;

include "model.circom";

// Every weight behind the commitment is an int8, every bias has 18 bits. Proven once for a model.
// Public signals: model, owner.
template Registration() {
    signal input owner;
    signal input first[12][16];
    signal input firstBias[12];
    signal input second[4][12];
    signal input secondBias[4];
    signal input salt;
    signal output model;

    component commitment = ModelCommitment();
    for (var i = 0; i < 16; i++) {
        var column = 0;
        for (var o = 0; o < 12; o++) {
            Signed(8)(first[o][i]);
            column += first[o][i] * (1 << (20 * o));
        }
        commitment.first[i] <== column;
    }
    for (var i = 0; i < 12; i++) {
        var column = 0;
        for (var o = 0; o < 4; o++) {
            Signed(8)(second[o][i]);
            column += second[o][i] * (1 << (20 * o));
        }
        commitment.second[i] <== column;
    }
    var firstColumn = 0;
    for (var o = 0; o < 12; o++) {
        Signed(18)(firstBias[o]);
        firstColumn += firstBias[o] * (1 << (20 * o));
    }
    commitment.firstBias <== firstColumn;
    var secondColumn = 0;
    for (var o = 0; o < 4; o++) {
        Signed(18)(secondBias[o]);
        secondColumn += secondBias[o] * (1 << (20 * o));
    }
    commitment.secondBias <== secondColumn;
    commitment.salt <== salt;
    model <== commitment.commitment;

    // Binds the proof to its owner: a signal in no line could be changed afterwards.
    signal bound <== owner * owner;
}

component main { public [owner] } = Registration();
