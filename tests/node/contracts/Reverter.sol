// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.20;

interface Token {
    function transferFrom(address from, address to, uint256 value) external returns (bool);
}

/// Makes transfers that come to nothing.
contract Reverter {
    /// The whole transaction fails after its transfer.
    function payAndRevert(Token token, address to, uint256 value) external {
        token.transferFrom(msg.sender, to, value);
        revert("changed its mind");
    }

    /// The transaction succeeds, the transfer inside it was undone.
    function payAndSwallow(Token token, address to, uint256 value) external {
        try this.payFromAndRevert(token, msg.sender, to, value) {} catch {}
    }

    function payFromAndRevert(Token token, address from, address to, uint256 value) external {
        token.transferFrom(from, to, value);
        revert("changed its mind");
    }
}
