<?php
// Runs before a page's webhook handler (`auto_prepend_file`) and leaves it as it is: writes each request down with the
// status that the handler answered, one line of JSON each, in the file that RECORD names.
register_shutdown_function(function () {
    $line = json_encode([
        'headers' => getallheaders(),
        'body' => base64_encode(file_get_contents('php://input')),
        'status' => http_response_code(),
    ]);
    file_put_contents(getenv('RECORD'), $line . "\n", FILE_APPEND);
});
