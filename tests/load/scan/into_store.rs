//! The whole way: from the nodes' bytes into a database on disk.

use super::Reading;
use super::reading::Measured;

pub(crate) async fn measure(_: &dyn Reading, _: &[usize], _: &mut Measured) {}
