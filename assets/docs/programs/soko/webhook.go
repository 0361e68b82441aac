// Takes webhooks on port 8000: refuses what is not signed, and says which order is paid.
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"
)

const webhookSecret = "your_webhook_secret"

type event struct {
	Event string `json:"event"`
	Order string `json:"order_id"`
}

// isSigned tells whether a hex signature is that of a text; it takes the same time for every wrong one.
func isSigned(key []byte, text, signature string) bool {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	given, err := hex.DecodeString(signature)
	return err == nil && hmac.Equal(given, mac.Sum(nil))
}

func isGenuine(headers http.Header, body []byte) bool {
	now := headers.Get("X-Timestamp")
	sent, err := strconv.ParseInt(now, 10, 64)
	if err != nil || time.Since(time.Unix(sent, 0)).Abs() > 5*time.Minute {
		return false
	}
	return isSigned([]byte(webhookSecret), now+string(body), headers.Get("X-Signature"))
}

func take(response http.ResponseWriter, request *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(response, request.Body, 1<<20))
	if err != nil || !isGenuine(request.Header, body) {
		response.WriteHeader(http.StatusUnauthorized)
		return
	}
	var event event
	if err := json.Unmarshal(body, &event); err != nil {
		response.WriteHeader(http.StatusBadRequest)
		return
	}
	// Store it here. The same webhook can come twice: act on each payment once.
	if event.Event == "payment.completed" {
		note := ""
		if request.Header.Get("X-Payd-Mode") == "test" {
			note = " (a test: do not deliver)"
		}
		fmt.Println(event.Order + " is paid" + note)
	}
	response.WriteHeader(http.StatusOK)
}

func main() {
	port := os.Getenv("PORT")
	if port == "" {
		port = "8000"
	}
	http.HandleFunc("/", take)
	log.Fatal(http.ListenAndServe(":"+port, nil))
}
